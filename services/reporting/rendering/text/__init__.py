"""Every sentence, table row and heading of a report as text, written once for all formats."""
