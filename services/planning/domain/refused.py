"""The answer to somebody who asks for what the rules do not allow, at a terminal."""


class PlanRefused(Exception):
    """Nothing was changed. The message is one plain sentence for whoever asked."""
