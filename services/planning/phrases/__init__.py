"""Reads the phrases of plan documents: schedules, targets, and the bodies that lead and support."""
