"""Tells a person what a command waits for, and after a while that the province is silent and where the work is kept."""

import threading
import time
from pathlib import Path
from types import TracebackType

from shared.cli import err
from shared.cli.printing import progress_bar

NAMED_AFTER = 5.0  # seconds without a sign, where no terminal shows the bar
SILENT_AFTER = 15.0
LOCK = "lệnh khác trên máy này gửi xong"
CONNECTION = "kết nối với máy chủ của tỉnh"
RECEIPTS = "biên nhận của tỉnh"
ANSWER = "câu trả lời của tỉnh"
SILENT = "Tỉnh chưa trả lời sau {seconds:.0f} giây"
KEPT = "; bài gửi được giữ ở {folder}, có thể bấm Ctrl+C rồi gửi sau bằng: minhbach outbox send"


class AwaitedReply:
    """A bar on a terminal; elsewhere, and where it lasts, sentences on standard error.

    `kept_in` is the folder of what is being sent, None where nothing is.
    """

    def __init__(
        self, kept_in: Path | None, *, named_after: float = NAMED_AFTER, silent_after: float = SILENT_AFTER
    ) -> None:
        self._kept_in = kept_in
        self._named_after = named_after
        self._silent_after = silent_after
        self._activity = CONNECTION
        self._printed: set[str] = set()
        self._since = time.monotonic()
        self._ended = threading.Event()
        self._bar = progress_bar()
        self._task = self._bar.add_task("", total=None)
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "AwaitedReply":
        self._bar.start()
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._watcher.join()
        self._bar.stop()

    def begin(self, activity: str) -> None:
        """From now on it waits for this."""
        self._activity, self._since = activity, time.monotonic()
        self._bar.update(self._task, description=f"Đang chờ {activity}")

    def moved(self, done: int, total: int) -> None:
        """Something came: it is not silent."""
        self._since = time.monotonic()
        self._bar.update(self._task, completed=done, total=total)

    def _watch(self) -> None:
        while not self._ended.wait(min(0.5, self._named_after)):
            silent_for = time.monotonic() - self._since
            if silent_for >= self._named_after and not err.is_terminal:
                self._print_once(f"Đang chờ {self._activity}…")
            if silent_for >= self._silent_after and self._activity != LOCK:
                kept = KEPT.format(folder=self._kept_in) if self._kept_in else ""
                self._print_once(f"{SILENT.format(seconds=self._silent_after)}{kept}.")

    def _print_once(self, sentence: str) -> None:
        if sentence not in self._printed:
            self._printed.add(sentence)
            err.print(sentence, markup=False)
