"""What is wrong with a file of readings: every error as a sentence with its place, the first hundred in full."""

MAX_SENTENCES = 100


class FileErrors(ValueError):
    """A file that was refused as a whole. `errors` holds plain English sentences, one an error."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


def printable(text: str, longest: int = 60) -> str:
    """Text from a file, made fit for a terminal: cut, and without control characters or lone surrogates."""
    if len(text) <= longest and text.isprintable():
        return text
    cut = text if len(text) <= longest else text[:longest] + "…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut)


class Findings:
    """Gathers the errors of one file while it is read on."""

    def __init__(self, file_name: str) -> None:
        self.file_name = printable(file_name, 255)
        self.count = 0
        self._sentences: list[str] = []

    def add(self, what: str, place: str = "") -> None:
        """An error at a place of the file, or of the file as a whole."""
        self.count += 1
        if self.count <= MAX_SENTENCES:
            self._sentences.append(": ".join(part for part in (self.file_name, place, what) if part))

    def refusal(self, what: str) -> FileErrors:
        """To be raised where nothing of the file can be read."""
        return FileErrors([f"{self.file_name}: {what}"])

    def raise_any(self) -> None:
        """Raises `FileErrors` if an error was found."""
        more = self.count - len(self._sentences)
        if self.count:
            raise FileErrors([*self._sentences, *([f"and {more} more"] if more else [])])
