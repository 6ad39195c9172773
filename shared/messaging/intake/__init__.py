"""Takes submissions of communes and of the portal's accounts: read, decided, committed, receipted."""
