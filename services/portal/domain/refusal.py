"""A refused change of an account or a key: nothing was changed."""

LONGEST_TEXT = 200


class RequestRefused(Exception):
    """The message is the sentence for whoever requested it."""


def check_text(text: str, meaning: str) -> None:
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise RequestRefused(f"{meaning} phải có từ 1 đến {LONGEST_TEXT} ký tự.")
