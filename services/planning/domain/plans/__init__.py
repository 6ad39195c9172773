"""Plans: issued, amended and closed, and the assignment of their tasks."""
