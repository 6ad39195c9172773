"""Indicators' pages: a commune's readings as a grid of days, and one reading with its history."""
