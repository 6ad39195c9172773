"""Communes that take part: registered, renamed, moved, merged and divided."""
