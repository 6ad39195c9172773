"""What an auditor asks: the same figures a second way, from the event stores alone."""
