"""Words and plumbing that the four services share; no rules, and no knowledge of any service."""
