"""The lab's log: what was done to the province, and when. JSON, one event a line."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from netwatch.core.errors import StartError


class Log:
    """An open log; every line is on disk when ``write`` returns."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = path.open("w", encoding="utf-8", buffering=1)
        except OSError as error:
            message = f"{path}: cannot be written: {error.strerror}; choose another --log"
            raise StartError(message) from None

    def write(self, event: str, **details: Any) -> None:
        """Add an event.

        ``time`` (seconds since 1970) and ``monotonic`` (the machine's clock, common to all its
        processes) are now, unless ``details`` say better.
        """
        now = {"time": time.time(), "monotonic": time.monotonic()}
        line = {"event": event, **now, **details}
        self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()
