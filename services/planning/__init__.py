"""Decides: which communes take part; which plan is in force; whose task it is, when it is due, whether it is late.
Hears: plan files, what communes report of their tasks, the register of communes, the clock.
Announces: commune registered, plan issued, task assigned, completed and reopened, progress reported, deadline
approaching and missed.
Remembers: which communes and plans there are, how each task stands, and when it is next to be announced.
"""
