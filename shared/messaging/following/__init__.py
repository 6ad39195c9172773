"""Takes other services' events into a service's tables, and what every service remembers of them."""
