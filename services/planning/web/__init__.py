"""Planning's pages: the tasks of a commune, and one task with its history and what may be done about it."""
