"""Puts a service's events into its stream: the relay, what it signs, and how it knows where it stopped."""
