"""The types of single values in the inventory, and the base of its entries."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from socket import AF_INET, inet_ntoa, inet_pton
from sys import intern
from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field


def _copy(value: str) -> str:
    """The same text in memory of its own.

    Texts from the parser lie among data that is freed after loading, so a short text that is kept
    would keep 16 KiB allocated.
    """
    return value.encode().decode()


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?", value):
        raise ValueError(
            f"{value[:64]!r} is not an id; use 1 to 63 small letters, digits, dots and hyphens"
        )
    return intern(_copy(value))  # thousands of targets are called router


Identifier = Annotated[str, AfterValidator(_identifier)]
"""Small letters, digits, dots and hyphens; it becomes a label value."""


def _former_target(value: str) -> str:
    return "/".join(map(_identifier, value.split("/", 1)))


FormerTarget = Annotated[str, AfterValidator(_former_target)]
"""An id of before at the same site, or ``site/target``."""


OPAQUE = r"[a-z]{1,2}-?[0-9]{2,8}"
"""Ids that reveal nothing, because no word matches."""


def _secret_name(value: str) -> str:
    try:
        return _identifier(value)
    except ValueError:  # what was written may be the secret itself, so it is not repeated
        raise ValueError(
            "must be the name of a secret, in small letters, digits and hyphens;"
            " secrets never stand in the inventory"
        ) from None


SecretName = Annotated[str, AfterValidator(_secret_name)]
"""The name of a secret in the ``SecretStore``; never the secret itself."""


def _text(value: str) -> str:
    text = unicodedata.normalize("NFC", value)
    if not (1 <= len(text) <= 128 and text.isprintable()):
        raise ValueError(f"{value[:64]!r} is not one line of 1 to 128 printable characters")
    return _copy(text)


Text = Annotated[str, AfterValidator(_text)]
"""One line for people, in any language."""


def canonical_address(value: object) -> str:
    """The canonical text of an address; host names are refused, so that nothing depends on DNS."""
    text = str(value)
    try:
        if inet_ntoa(inet_pton(AF_INET, text)) == text:
            return text  # nearly all of them are written so, and this takes a tenth of the time
    except (OSError, ValueError):
        pass  # an IPv6 address, or none
    try:
        address = ip_address(text)
    except ValueError:
        address = None
    if address is None or "%" in str(address):
        raise ValueError(
            f"{str(value)[:64]!r} is not an IPv4 or IPv6 address; names and zones are not allowed"
        )
    return str(address)


Address = Annotated[str, BeforeValidator(canonical_address)]


def _range(value: object) -> IPv4Network | IPv6Network:
    try:
        return ip_network(str(value))
    except ValueError:
        raise ValueError(
            f"{str(value)[:64]!r} is not a range; write network/length, e.g. 10.20.0.0/14"
        ) from None


AddressRange = Annotated[IPv4Network | IPv6Network, BeforeValidator(_range)]


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError(
            f"{value[:64]!r} is not a time zone; write one as Asia/Ho_Chi_Minh"
        ) from None
    return value


TimeZone = Annotated[str, AfterValidator(_timezone)]
"""A name of the IANA database."""


def _day(text: object) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", str(text), re.ASCII):
            return date.fromisoformat(str(text))
    except ValueError:
        pass  # the same remedy as for any other form
    raise ValueError(f"{str(text)[:64]!r} is not a date; write year-month-day, e.g. 2026-12-31")


Day = Annotated[date, BeforeValidator(_day)]
"""A day, as ``2026-12-31``."""

Stage: TypeAlias = Literal["planned", "active", "retired"]
"""What becomes of a place: it is prepared, in service, or no longer."""


Alias = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+-]{1,64}$")]
"""A user name or number in a meeting system."""


class Entry(BaseModel):
    """Base of everything in the inventory; unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
