"""The rules for accounts, their grants and sign-ins, and for the keys of communes at the broker."""
