"""Computes reports a second way, from the event stores alone, and compares the results."""
