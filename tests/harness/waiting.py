"""Patience: a test waits for a condition, and never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(question: Callable[[], T | None], patience: float = 120.0, pause: float = 0.05) -> T:
    """The first answer that is not false.

    Args:
        question: asked again and again.
        patience: seconds after which it fails.
        pause: seconds between two questions.
    """
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(pause)
    raise AssertionError(f"it did not happen within {patience} s")
