"""Decides: whose report was submitted, returned and approved; which edition of a province's report is published.
Hears: everything Planning and Indicators announce; the reports that communes submit; the calendar, the clock.
Announces: report due and late; submitted, returned, approved; published, restated.
Remembers: communes, definitions, plans with their targets and tasks, every count with the time it was known, editions.
"""
