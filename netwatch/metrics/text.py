"""How names, labels and numbers are written in the Prometheus text format, version 0.0.4."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterable
from typing import Literal

Kind = Literal["gauge", "counter", "histogram"]

METRIC_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL_NAME = re.compile(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*")

MIN_PLAIN = -sys.float_info.max
"""The smallest number that ``repr`` writes as the page needs it: below it is only -Inf."""

MIN_EXPONENT = 1e6
"""From here on a positive number is written with an exponent, as Go does."""

_MAX_EXACT = 2.0**53
"""Up to here a whole number is written with all digits of the integer."""

_EXPONENTS = [f"e+{digits - 1:02d}" for digits in range(20)]
"""Exponents by the number of digits before the point; ``repr`` writes 16 of them at most."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_LABEL_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})
_TO_ESCAPE = re.compile(r'[\\\n"]')
_HELP_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n"})


def clean(value: str) -> str:
    """Text that can be encoded as UTF-8; a lone surrogate, e.g. from a device, becomes U+FFFD."""
    return value if value.isascii() else _SURROGATE.sub("\ufffd", value)


def header(kind: Kind, name: str, help_text: str) -> str:
    """The HELP and TYPE lines, which stand before the samples of a family."""
    return f"# HELP {name} {clean(help_text).translate(_HELP_ESCAPES)}\n# TYPE {name} {kind}\n"


def series(name: str, labels: Iterable[tuple[str, str]]) -> str:
    """The text before a value: name, labels in the order of their names, and a blank."""
    inner = ",".join([f'{label}="{_escaped(value)}"' for label, value in sorted(labels)])
    return f"{name}{{{inner}}} " if inner else f"{name} "


def _escaped(value: str) -> str:
    # Searched first, because hardly any value needs an escape.
    return value.translate(_LABEL_ESCAPES) if _TO_ESCAPE.search(value) else value


def number(value: float) -> str:
    """A value, digit by digit as ``prometheus_client`` writes it."""
    return repr(value) if MIN_PLAIN <= value < MIN_EXPONENT else uncommon(value)


def uncommon(value: float) -> str:
    """``number`` of a value that is not at least ``MIN_PLAIN`` and below ``MIN_EXPONENT``."""
    if value < _MAX_EXACT and value.is_integer():
        # First, because octets and packets are of this kind.
        digits = whole = str(int(value))
    elif math.isnan(value):
        return "NaN"
    elif math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    else:
        written = repr(value)
        whole, dot, fraction = written.partition(".")
        if not dot or "e" in fraction:
            return written
        digits = whole + fraction
    digits = digits.rstrip("0")
    mantissa = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return mantissa + _EXPONENTS[len(whole)]
