"""Quantities as people write them in the inventory: ``5s``, ``20M``, ``2%``."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_BITS = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


def parse_duration(text: object) -> float:
    """Seconds from ``500ms``, ``5s``, ``1m``, ``2h`` or ``1d``."""
    match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h|d)", str(text))
    if not match:
        raise ValueError(f"{text!r} is not a duration; write number and unit, e.g. 500ms, 5s, 1m")
    return float(match[1]) * _SECONDS[match[2]]


def parse_rate(text: object) -> float:
    """Bits a second from ``512k``, ``20M`` or ``1G``."""
    match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,6})?)(k|M|G|T|)", str(text))
    if not match:
        raise ValueError(f"{text!r} is not a bit rate; write a number and k, M, G or T, e.g. 20M")
    return float(match[1]) * _BITS[match[2]]


def parse_ratio(text: object) -> float:
    """A share between 0 and 1 from ``2%``."""
    match = re.fullmatch(r"(\d{1,3}(?:\.\d{1,6})?)%", str(text))
    if not match or float(match[1]) > 100:
        raise ValueError(f"{text!r} is not a share; write a percentage from 0% to 100%, e.g. 2%")
    return float(match[1]) / 100


Duration = Annotated[float, BeforeValidator(parse_duration)]
"""Seconds."""

BitRate = Annotated[float, BeforeValidator(parse_rate)]
"""Bits a second."""

Ratio = Annotated[float, BeforeValidator(parse_ratio)]
"""0 to 1."""
