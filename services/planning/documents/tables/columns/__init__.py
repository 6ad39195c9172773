"""Finds the header of a table, and the role of each column by its header and its cells."""
