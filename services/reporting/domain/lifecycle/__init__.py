"""The life of a report (due, submitted, returned, approved, published, restated): events, decisions, reminders."""
