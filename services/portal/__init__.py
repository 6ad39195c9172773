"""Decides: who may speak for whom: accounts, their identities, grants and keys, each by whom and until when;
with which key each commune's machine signs in at the broker.
Receives: which communes take part, and which follow them.
Announces: account opened and closed, grant given and withdrawn, key issued and revoked, of a program and of a machine.
Remembers: communes, the identities and keys that open an account, keys of machines, and the grants in force.
"""
