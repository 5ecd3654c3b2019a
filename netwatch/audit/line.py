"""A line of the audit, and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from netwatch.audit.who import Who

What = Literal[
    "start",
    "stop",
    "unclean-end",
    "reload",
    "reload-refused",
    "added",
    "removed",
    "changed",
    "web-config",
    "web-config-refused",
    "login-refused",
    "maintenance-announced",
    "maintenance-ended",
    "meeting-declared",
    "acknowledged",
    "note",
]
"""What can be done."""

WHATS: tuple[str, ...] = get_args(What)

MAX_NAME = 200
"""Characters of a name or a subject."""

MAX_DETAILS = 16_384
"""Octets of the details' JSON."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Something that was done.

    Attributes:
        at: milliseconds of unix time.
        who: the name of who did it.
        known_by: how the name is known.
        what: what was done.
        subject: what it was done to, as ``flow:party-portal``; may be empty.
        details: JSON of an object.
    """

    at: int
    who: str
    known_by: str
    what: str
    subject: str
    details: str

    @classmethod
    def of(
        cls, at: float, who: Who, what: What, subject: str, details: Mapping[str, Any]
    ) -> AuditLine:
        """A line, cut to the length that is kept."""
        name, subject = clean(who.name), clean(subject)
        return cls(round(at * 1000), name, who.known_by, what, subject, _bounded(details))

    def hash(self, number: int, before: str) -> str:
        """SHA-256 of this line with its number and the hash of the line before it, in hexadecimal.

        It is taken over the UTF-8 of ``[before, number, at, who, known_by, what, subject,
        details]`` as JSON without spaces.
        """
        fields = (self.at, self.who, self.known_by, self.what, self.subject, self.details)
        return hashlib.sha256(canonical([before, number, *fields]).encode()).hexdigest()


def canonical(value: object) -> str:
    """The one JSON text that is taken for a value: keys in order, no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def clean(text: str) -> str:
    """A text of others on one line, of at most ``MAX_NAME`` characters."""
    return "".join(c if c.isprintable() else " " for c in text[:MAX_NAME])


def _bounded(details: Mapping[str, Any]) -> str:
    text = canonical(details)
    octets = len(text.encode("utf-8", "replace"))
    if octets <= MAX_DETAILS:
        return text.encode("utf-8", "replace").decode()
    kept: dict[str, Any] = {"left_out": sorted(details)[:50]}
    return canonical({**kept, "octets": octets})
