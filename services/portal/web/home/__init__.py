"""Việc của tôi: for each role what is owed by when, what came back and why, and what waits for a decision."""
