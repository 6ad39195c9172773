"""Names of columns and fields as people write them, and the ids that they stand for."""
