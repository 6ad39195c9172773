"""Sandbox: runs a function in a child process with limited time and memory, and turns every fault into a refusal.

The parent starts this module as a program, sends it the function and its arguments, and reads the answer.
"""

import contextlib
import io
import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

from shared.office_files.unreadable import BROKEN, UnreadableDocument

Arguments = TypeVarTuple("Arguments")
R = TypeVar("R")

THIS_MODULE = "shared.office_files.sandboxed_process"
TOO_LONG = (
    "Tài liệu quá lớn hoặc bất thường: quá {seconds} giây vẫn chưa đọc xong. "
    "Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
)
TOO_MUCH = (
    "Tài liệu quá lớn hoặc bất thường: cần nhiều bộ nhớ hơn mức cho phép. Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
)
PLAIN = {("datetime", "date"), ("decimal", "Decimal")}

# The first byte of an answer.
RESULT, UNREADABLE, NO_MEMORY, FAILED = b"r", b"u", b"m", b"f"
OUT_OF_TIME = -signal.SIGXCPU if hasattr(signal, "SIGXCPU") else None  # not on Windows
MAX_ANSWER_BYTES = 64 * 1024 * 1024


def in_sandboxed_process(
    function: Callable[[*Arguments], R],
    *args: *Arguments,
    seconds: int = 15,
    patience: int | None = None,
    megabytes: int = 400,
) -> R:
    """Returns the result of a function of an importable module (not of `__main__`); its arguments are pickled.

    `seconds` are those of the processor, so that a busy machine refuses no file; `patience` those of the clock, by
    default forty times as many: they only end a child that waits, since the limit of the processor ends all others.

    The result may hold plain values, dates, dataclasses and pydantic models of this project. Raises
    `UnreadableDocument`: the one that the function raised, or one for its time, its memory, its crash or its fault,
    whose traceback is then a note of the exception.
    """
    question, patience = pickle.dumps((function, args)), patience or 40 * seconds
    command = [sys.executable, "-P", "-m", THIS_MODULE, str(seconds), str(megabytes)]
    # The child finds this project as this process did: installed, by PYTHONPATH or by the directory it started in.
    paths = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
    ) as child:
        try:
            answer, _ = child.communicate(question, timeout=patience)
        except subprocess.TimeoutExpired:
            raise UnreadableDocument(TOO_LONG.format(seconds=patience)) from None
        finally:
            child.kill()
    if child.returncode == OUT_OF_TIME:
        raise UnreadableDocument(TOO_LONG.format(seconds=seconds))
    result: R = _result_in(answer)
    return result


def _result_in(answer: bytes) -> Any:
    kind, content = answer[:1], answer[1:]
    if kind == RESULT:
        try:
            return _ResultUnpickler(io.BytesIO(content)).load()
        except Exception as error:  # a pickle that a hostile file had a hand in can end in anything
            raise UnreadableDocument(BROKEN) from error
    if kind == UNREADABLE:
        raise UnreadableDocument(content.decode())
    refusal = UnreadableDocument(TOO_MUCH if kind == NO_MEMORY else BROKEN)
    if kind == FAILED:
        refusal.add_note(content.decode(errors="replace"))
    raise refusal


class _ResultUnpickler(pickle.Unpickler):
    """Makes only plain values and this project's own models, because the child held a hostile file."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if self._is_named(module, name) else None
        if (module, name) in PLAIN or (isinstance(found, type) and _is_model(found)):
            return found
        raise pickle.UnpicklingError(f"{module}.{name}")

    def _is_named(self, module: str, name: str) -> bool:
        return (module, name) in PLAIN or module.partition(".")[0] in ("services", "shared")


def _is_model(found: type) -> bool:
    return is_dataclass(found) or hasattr(found, "__pydantic_fields__")


def _child() -> None:
    """Limits itself, runs the one function that it is given, and answers over its standard output."""
    answers = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    _limit(seconds=int(sys.argv[1]), megabytes=int(sys.argv[2]))
    answer = _answer_to(sys.stdin.buffer.read())
    with os.fdopen(answers, "wb") as out:
        out.write(answer if len(answer) <= MAX_ANSWER_BYTES else NO_MEMORY)


def _limit(seconds: int, megabytes: int) -> None:
    """The parent limits the time of the clock; this limit also ends a child that lost its parent."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS has the name and refuses it
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _answer_to(question: bytes) -> bytes:
    try:
        function, args = pickle.loads(question)  # noqa: S301 - from our own parent
        return RESULT + pickle.dumps(function(*args))
    except UnreadableDocument as refusal:
        if str(refusal) == BROKEN:  # its cause may be a fault of ours
            return FAILED + traceback.format_exc(limit=-20).encode()
        return UNREADABLE + str(refusal).encode()
    except MemoryError:
        return NO_MEMORY
    except BaseException:  # noqa: BLE001 - whatever it is, the parent turns it into a sentence
        return FAILED + traceback.format_exc(limit=-20).encode()


if __name__ == "__main__":
    _child()
