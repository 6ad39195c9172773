"""Tasks: their steps, obligations and reminders, from assignment to acceptance."""
