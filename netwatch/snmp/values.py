"""Makes numbers, labels and factors of what a device sends. Takes any value from a device."""

from __future__ import annotations

import re
from math import log10

from netwatch.snmp.profile import Light, Scalar, ValueKind

MAX_LABEL = 128
"""Octets of a label's value in UTF-8; sysDescr alone may have 255, and some devices send more."""

MAX_READING = 32
"""Octets of a text that are looked at for its number."""

_MAX_WORDS = 256
"""Octets of a text in which the words before its number may stand."""

_NUMBER = re.compile(rb"\s*([+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?)(?![0-9.,:/-]|[eE][+-]?[0-9])")
"""A number, and not the beginning of a version, a date or an address."""

Value = None | str | bytes | int | float
"""What gufo_snmp gives: bytes for OCTET STRING, text for OBJECT IDENTIFIER and IpAddress."""

RANGES = {
    ValueKind.GAUGE: range(-(2**31), 2**64),  # INTEGER below, CounterBasedGauge64 (RFC 2856) above
    ValueKind.COUNTER: range(2**64),
}
"""The numbers that are taken; any other one gives no series."""


def clean(value: bytes | str) -> str:
    """Text for a label: valid UTF-8, one line, no control characters, at most MAX_LABEL octets."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    text = " ".join(text.split())
    if len(encoded := text.encode()) > MAX_LABEL:
        return encoded[:MAX_LABEL].decode("utf-8", "ignore").rstrip()
    return text


def to_number(scalar: Scalar, value: Value) -> float | None:
    """The number for a gauge, counter or reading; None when the device sent something else.

    A float has 53 bits: a Counter64 above 2**53 is off by at most 1 part in 10**16, which is less
    than one octet in a petabyte.
    """
    if scalar.kind is ValueKind.READING:
        number = _reading(value, scalar.after)
        if number is None or number in scalar.none:
            return None
        return number * scalar.scale if scalar.light is None else _dbm(scalar.light, number)
    if type(value) is not int or value not in RANGES[scalar.kind] or value in scalar.none:
        return None
    return value * scalar.scale if scalar.light is None else _dbm(scalar.light, value)


def _reading(value: Value, after: str) -> float | None:
    """The number that a text begins with, as in ``36.5 C``; None when it begins with none.

    Args:
        value: what the device sent.
        after: words behind which the number stands instead.
    """
    if not isinstance(value, bytes):
        return None
    if after:
        _, _, value = value[:_MAX_WORDS].partition(after.encode())
    found = _NUMBER.match(value[:MAX_READING])
    return None if found is None else float(found[1])


_MILLIWATTS = {Light.MILLIWATTS: 1.0, Light.MICROWATTS: 1e-3, Light.MICROWATTS_OR_DBM: 1e-3}
"""By the way in which a power above 0 is told, its unit in milliwatts."""


def _dbm(light: Light, value: float) -> float | None:
    """An optical power in dBm; None without light.

    dBm are ten times the decimal logarithm of the milliwatts.
    """
    if value > 0:
        return 10 * log10(value * _MILLIWATTS[light])
    return value / 100 if value and light is Light.MICROWATTS_OR_DBM else None


def to_text(scalar: Scalar, value: Value) -> str | None:
    """The label of a text, MAC address, enumeration or lookup; None when the value can't be one."""
    if scalar.kind is ValueKind.ENUM_INFO or scalar.enum:
        return scalar.enum.get(value, str(value)) if type(value) is int else None
    if scalar.kind is ValueKind.MAC:
        if not isinstance(value, bytes) or len(value) != 6:
            return None
        return value.hex(":").upper()
    return clean(value) if isinstance(value, bytes | str) else None


def to_factor(scalar: Scalar, value: Value) -> float | None:
    """The factor that a prefix or a number of decimals stands for; None when it is out of range.

    RFC 3433, section 3: EntitySensorDataScale goes in steps of 1 000, with units as 9 and exa (14)
    before peta (15); EntitySensorPrecision goes from -8 to 9.
    """
    if type(value) is not int:
        return None
    if scalar.kind is ValueKind.PREFIX and 1 <= value <= 17:
        exponent = {14: 18, 15: 15}.get(value, 3 * (value - 9))
        return float(f"1e{exponent}")
    if scalar.kind is ValueKind.DECIMALS and -8 <= value <= 9:
        return float(f"1e{-value}")
    return None
