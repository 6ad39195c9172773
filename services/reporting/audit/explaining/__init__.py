"""Explains a figure of a report by the stored events that it rests on, and tells the history of one thing."""
