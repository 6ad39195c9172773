"""Decides: who is told of what, in which words, when a missed deadline goes up to the chair; each once.
Hears: communes registered, tasks assigned, deadlines approaching and missed, submissions receipted, reports published.
Announces: notice sent, notice failed.
Remembers: which communes there are, which notices wait to be sent, and what became of the others.
"""
