"""The exception for a request that the rules of accounts do not allow. Nothing was changed."""


class RequestRefused(Exception):
    """The message is the sentence for whoever requested it."""
