"""Communes and their changes, and the map of a day, which adds the counts of former communes to their successors."""
