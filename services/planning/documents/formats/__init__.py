"""The formats in which offices send plans, each opened into the same paragraphs and tables."""
