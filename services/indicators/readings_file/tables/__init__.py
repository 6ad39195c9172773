"""Tables as people make them: the header, the rows below it, merged and hidden cells."""
