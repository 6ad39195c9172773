"""What reporting remembers."""

TABLES = ""
