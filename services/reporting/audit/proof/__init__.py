"""Exports the sealed histories as plain files, verifies them without any server, and witnesses checkpoints."""
