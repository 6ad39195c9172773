"""Decides: what a measure and an indicator mean from which date; whether a reading counts.
Hears: readings, corrections and withdrawals of communes; which communes take part and which plans are in force.
Announces: field, measure and indicator defined, submission receipted (each reading in it).
Remembers: which communes and plans there are, and how each reading stands.
"""
