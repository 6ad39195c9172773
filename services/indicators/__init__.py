"""Decides: what a measure and an indicator mean from which date; whether a reading counts.
Hears: readings, corrections and withdrawals of communes; which communes take part and which plans are in force.
Announces: measure defined, indicator defined, submission receipted (readings recorded, corrected, withdrawn, refused).
Remembers: which communes and plans there are, and how each reading stands.
"""
