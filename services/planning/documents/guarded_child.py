"""The child of `guard`: limits itself, runs the one function it is given, and answers over its standard output."""

import contextlib
import os
import pickle
import sys
import traceback

from services.planning.documents.document import UnreadableDocument

RESULT, UNREADABLE, NO_MEMORY, FAILED = b"r", b"u", b"m", b"f"
MAX_ANSWER_BYTES = 64 * 1024 * 1024


def main() -> None:
    answers = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    limit(seconds=int(sys.argv[1]), megabytes=int(sys.argv[2]))
    answer = answer_to(sys.stdin.buffer.read())
    with os.fdopen(answers, "wb") as out:
        out.write(answer if len(answer) <= MAX_ANSWER_BYTES else NO_MEMORY)


def limit(seconds: int, megabytes: int) -> None:
    """The time is watched from outside too; this one also ends a child whose parent was killed."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS has the name and refuses it
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def answer_to(question: bytes) -> bytes:
    try:
        function, args = pickle.loads(question)  # noqa: S301 - from our own parent
        return RESULT + pickle.dumps(function(*args))
    except UnreadableDocument as refusal:
        return UNREADABLE + str(refusal).encode()
    except MemoryError:
        return NO_MEMORY
    except BaseException:  # noqa: BLE001 - whatever it is, the parent turns it into a sentence
        return FAILED + traceback.format_exc(limit=-20).encode()


if __name__ == "__main__":
    main()
