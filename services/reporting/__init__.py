"""Decides: which report of a commune is submitted, returned, approved; which edition of a province is published.
Receives: reports that communes submit; communes, plans, tasks, definitions and readings as announced; the clock.
Announces: report due and late; submitted, returned, approved; published, restated.
Remembers: communes, definitions, plans with their targets and tasks, every count with the time it was known, editions.
"""
