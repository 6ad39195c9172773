"""The pages of the portal itself, and the site that holds the pages of all services."""
