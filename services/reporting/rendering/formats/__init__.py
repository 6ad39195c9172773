"""One writer per file format: HTML, PDF, Word, Excel."""
