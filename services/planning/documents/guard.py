"""Runs a function in a child process, which is killed when it takes too long and cannot take too much memory."""

import io
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

from services.planning.documents.document import UnreadableDocument
from services.planning.documents.guarded_child import FAILED, NO_MEMORY, RESULT, UNREADABLE

Given = TypeVarTuple("Given")
R = TypeVar("R")

CHILD = "services.planning.documents.guarded_child"
TOO_LONG = (
    "Tài liệu quá lớn hoặc bất thường: quá {seconds} giây vẫn chưa đọc xong. "
    "Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
)
TOO_MUCH = (
    "Tài liệu quá lớn hoặc bất thường: cần nhiều bộ nhớ hơn mức cho phép. Hãy tách thành các tệp nhỏ hơn rồi đọc lại."
)
BROKEN = (
    "Tài liệu bị hỏng hoặc bất thường nên không đọc được. "
    "Hãy mở bằng chương trình soạn thảo, lưu thành tệp mới rồi đọc lại."
)
PLAIN = {("datetime", "date"), ("decimal", "Decimal")}


def in_a_guarded_process(function: Callable[[*Given], R], *args: *Given, seconds: int = 15, megabytes: int = 400) -> R:
    """What a function of an importable module (not of `__main__`) returns for arguments that can be pickled.

    The result may hold plain values, dates, dataclasses and pydantic models of this project. Raises
    `UnreadableDocument`: the one that the function raised, or one for its time, its memory, its crash or its fault,
    whose traceback is then a note of the exception.
    """
    question = pickle.dumps((function, args))
    command = [sys.executable, "-P", "-m", CHILD, str(seconds), str(megabytes)]
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
            answer, _ = child.communicate(question, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise UnreadableDocument(TOO_LONG.format(seconds=seconds)) from None
        finally:
            child.kill()
    result: R = _understood(answer)
    return result


def _understood(answer: bytes) -> Any:
    kind, content = answer[:1], answer[1:]
    if kind == RESULT:
        try:
            return _Answer(io.BytesIO(content)).load()
        except Exception as error:  # a pickle that a hostile file had a hand in can end in anything
            raise UnreadableDocument(BROKEN) from error
    if kind == UNREADABLE:
        raise UnreadableDocument(content.decode())
    refusal = UnreadableDocument(TOO_MUCH if kind == NO_MEMORY else BROKEN)
    if kind == FAILED:
        refusal.add_note(content.decode(errors="replace"))
    raise refusal


class _Answer(pickle.Unpickler):
    """The child held a hostile file: of what it sends, only plain values and this project's own models are made."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name) if self._is_named(module, name) else None
        if (module, name) in PLAIN or (isinstance(found, type) and _is_model(found)):
            return found
        raise pickle.UnpicklingError(f"{module}.{name}")

    def _is_named(self, module: str, name: str) -> bool:
        return (module, name) in PLAIN or module.partition(".")[0] in ("services", "shared")


def _is_model(found: type) -> bool:
    return is_dataclass(found) or hasattr(found, "__pydantic_fields__")
