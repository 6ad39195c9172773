"""How Minh Bạch is run: the embedded stack, provisioning, the command, and what containers need."""
