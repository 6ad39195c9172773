"""The content of a report: the typed record that is published, rendered and compared."""
