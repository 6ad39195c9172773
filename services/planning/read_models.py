"""What planning remembers."""

TABLES = ""
