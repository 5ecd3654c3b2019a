"""How wrong the clock may be: what the kernel says, and what is made of its refusal."""

from __future__ import annotations

import ctypes
import errno
from collections.abc import Callable

import pytest

from netwatch.media import clock


def refusing(number: int) -> Callable[[object], int]:
    def adjtimex(_asked: object) -> int:
        ctypes.set_errno(number)
        return -1

    return adjtimex


def test_a_sandbox_that_forbids_to_ask_leaves_it_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_adjtimex", refusing(errno.EPERM))
    assert clock.clock_error() is None


def test_another_refusal_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_adjtimex", refusing(errno.EFAULT))
    with pytest.raises(OSError, match="Bad address"):
        clock.clock_error()


def test_this_machine_says_it_or_knows_it_not() -> None:
    error = clock.clock_error()
    assert error is None or error >= 0
