"""The times that a schedule phrase names: kinds of time, days, periods, ranges, frequencies and events."""
