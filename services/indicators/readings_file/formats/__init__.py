"""The kinds of file, each read into entries."""
