"""Opens each file format in which offices send plans into the same paragraphs and tables."""
