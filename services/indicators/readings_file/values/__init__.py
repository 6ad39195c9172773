"""What stands in a cell: an id, a day, a count."""
