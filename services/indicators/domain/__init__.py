"""The rules for definitions, for readings and for the submissions that bring them."""
