"""The data files of Reporting with their readers: regimes, forms, scorecards and thresholds, each with its schema."""
