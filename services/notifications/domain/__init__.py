"""The rules for mails: who gets which, under which address, and when."""
