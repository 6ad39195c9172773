"""Reads the rows of a table as entries: one for each task or indicator, with its section."""
