"""The Merkle tree over a service's stored events, and signed checkpoints of it: computed, without a server."""
