"""Decides: which communes take part; which plan is in force; whose task it is, when it is due, whether it is late.
Hears: plan documents and files, what communes report of their tasks, the register, the calendar, the clock.
Announces: commune registered; plan issued, amended, closed; what becomes of each task; deadline approaching and missed.
Remembers: which communes and plans there are, how each task stands, and when it is next to be announced.
"""
