"""Words and numbers of a schedule phrase."""
