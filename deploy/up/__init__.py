"""minhbach up: servers and services on this machine until Ctrl+C, and what a newcomer finds there."""
