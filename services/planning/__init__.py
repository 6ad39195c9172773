"""Decides: which communes take part and change; which plan is in force; which tasks are due, late or done.
Receives: plan documents and files, the communes' reports on their tasks, the register, the calendar, the clock.
Announces: commune registered, merged, divided, renamed, moved; plan issued, amended, closed; tasks; deadlines.
Remembers: communes, plans and tasks, with the day of each task's next reminder.
"""
