"""The commands of the portal: minhbach account."""

from services.portal.cli import keys, sign_in
from services.portal.cli.accounts import account_app

# Imported for the commands that they add: account key, and account invite, sessions and end-session.
__all__ = ["account_app", "keys", "sign_in"]
