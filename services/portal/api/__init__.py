"""The HTTP API for programs, under /api/v1: they ask and send with a key, by the contracts of the services."""
