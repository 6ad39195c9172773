"""The answer to somebody who asks at a terminal for a definition that the rules do not allow."""

from collections.abc import Iterable


class DefinitionRefused(Exception):
    """Nothing was changed. `sentences` say why, one plain sentence each."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = list(sentences)
        super().__init__(" ".join(self.sentences))
