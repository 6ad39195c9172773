"""`minhbach commune credentials`: the accounts of communes at the broker."""
