"""The operator's pages: accounts with their grants and keys, and where they are signed in."""
