"""What the rows of a file say about each other: days that may be exchanged, totals, sides without the other."""
