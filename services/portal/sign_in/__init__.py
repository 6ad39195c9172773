"""Signing in: sessions, invitations, passwords with codes, passkeys, and a provider of identities."""
