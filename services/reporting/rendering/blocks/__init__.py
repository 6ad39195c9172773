"""The report as blocks (headings, paragraphs, tables, pictures), from which Word and PDF are set."""
