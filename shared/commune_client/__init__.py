"""The part that runs on a machine of a commune: the address of the broker, the outbox, and sending it."""
