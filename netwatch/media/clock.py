"""How wrong this machine's clock may be, as its kernel says (adjtimex(2), RFC 5905)."""

from __future__ import annotations

import ctypes
import errno
import os

_MICRO = 1e-6
_STA_UNSYNC = 0x0040
_TIME_ERROR = 5


class _Timex(ctypes.Structure):
    """The beginning of struct timex (linux/timex.h); the rest is only room."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


_adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex


def clock_error() -> float | None:
    """Seconds by which the clock is wrong at the most; None when nobody knows.

    That is when nothing synchronizes it, or when this process must not ask: the shipped unit
    forbids all calls of clocks, those that only read them, too (``ProtectClock=``).

    Raises:
        OSError: the kernel refuses to say.
    """
    found = _Timex()
    state = _adjtimex(ctypes.byref(found))
    if state < 0 and ctypes.get_errno() == errno.EPERM:
        return None
    if state < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    if state == _TIME_ERROR or found.status & _STA_UNSYNC:
        return None
    return float(found.maxerror * _MICRO)
