"""Decides: what a measure and an indicator mean from which date; whether a reading counts.
Receives: readings, corrections and withdrawals of communes; which communes take part and which plans are in force.
Announces: field, measure and indicator defined, submission receipted (each reading in it).
Remembers: communes, plans, definitions, and the versions of each reading.
"""
