"""The rules of reporting. Rooms: territory and content; on them forms, scorecards and reviewing; on these drafts.

The lifecycle of reports, with their stored events, stands on territory and content alone.
"""
