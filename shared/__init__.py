"""Code that the four services share: contracts, messaging, storage, commands. It imports no service."""
