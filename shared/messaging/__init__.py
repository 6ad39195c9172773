"""Messages over NATS: publishing an event store, following other services, and taking submissions of communes."""
