"""Scorecards: their criteria, and the points that figures and answers give."""
