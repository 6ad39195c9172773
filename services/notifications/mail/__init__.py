"""Writes notices as mails and sends them."""
