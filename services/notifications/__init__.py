"""Decides: whose mail it is, and in which words: each announcement to each recipient once.
Hears: communes registered, what becomes of tasks, of their deadlines and of reports, submissions receipted.
Announces: notice sent, notice failed.
Remembers: communes, who was reminded when, which notices wait and what became of the others.
"""
