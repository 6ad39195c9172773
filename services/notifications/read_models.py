"""What notifications remembers."""

TABLES = ""
