"""Decides: who may speak for whom: accounts, their identities, grants and keys, each by whom and until when.
Receives: which communes take part, and which follow them.
Announces: account opened and closed, grant given and withdrawn, key issued and revoked.
Remembers: communes, the identities and keys that open an account, and the grants in force.
"""
