"""Decides: who gets a notice, and in which words: about each announcement, each recipient once.
Receives: communes registered, changes of tasks, of their deadlines and of reports, submissions receipted.
Announces: notice sent, notice failed.
Remembers: communes, which reminder was the first of its day, which notices wait and the outcome of the others.
"""
