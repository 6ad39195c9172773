"""Decides: which communes take part, what becomes of them; which plan is in force; whose task it is, when due, if late.
Hears: plan documents and files, what communes report of their tasks, the register, the calendar, the clock.
Announces: commune registered, merged, divided, renamed, moved; plan issued, amended, closed; tasks; deadlines.
Remembers: which communes and plans there are, how each task stands, and when it is next to be announced.
"""
