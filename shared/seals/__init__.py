"""Seals a service's history: a Merkle tree over its stored events, and signed checkpoints of it."""
