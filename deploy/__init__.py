"""Runs Minh Bạch: the embedded stack, provisioning, the command minhbach, and files for containers."""
