"""Decides: which edition of a report is published.
Hears: everything Planning and Indicators announce.
Announces: report published.
Remembers: communes, definitions, plans with their targets and tasks, and every count with the time it was known.
"""
