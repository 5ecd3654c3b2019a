"""Says an English message in Vietnamese first. The one place in which both languages meet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from netwatch.vietnamese import commands, inventory, rules

PHRASES: Mapping[str, str] = {**inventory.PHRASES, **rules.PHRASES, **commands.PHRASES}
"""Vietnamese by English, a phrase each; messages are phrases with ``; `` between them."""

_OWN = re.compile(
    r"[ạảãàáâậầấẩẫăắằặẳẵđèéẹẻẽêềếệểễìíịỉĩòóọỏõôốồộổỗơớờợởỡùúụủũưừứựửữỳýỵỷỹ]", re.IGNORECASE
)
"""Letters of Vietnamese: who wrote the message has said it in both languages."""


def both(message: str) -> str:
    """Vietnamese, then English; English alone where a phrase is not known."""
    said = vietnamese(message)
    return message if said is None else f"{said} / {message}"


def vietnamese(message: str) -> str | None:
    """The message in Vietnamese; None where it is bilingual already, or nothing of it is known."""
    if " / " in message and _OWN.search(message.partition(" / ")[0]):
        return None
    phrases = message.split("; ")
    said = [translated(each) for each in phrases]
    # What is not known stands in the place of its translation, as long as something is.
    if not any(said):
        return None
    return "; ".join(own or english for own, english in zip(said, phrases, strict=True))


def translated(phrase: str) -> str | None:
    """One phrase in Vietnamese; None where it is not known."""
    if phrase in PHRASES:
        return PHRASES[phrase]
    # What is said of a key or a probe begins with its name.
    name, colon, rest = phrase.partition(": ")
    if colon and name.startswith("probe ") and (inner := translated(rest)):
        return f"phép đo {name.removeprefix('probe ')}: {inner}"
    for pattern, said in _patterns():
        if match := pattern.fullmatch(phrase):
            return said.format(*match.groups())
    inner = translated(rest) if colon else None
    return inner and f"{name}: {inner}"


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Phrases with names and values in them, those with more fixed words first."""
    open_ones = [english for english in PHRASES if "{}" in english]
    open_ones.sort(key=lambda english: -len(english.replace("{}", "")))
    return [
        (re.compile("(.+?)".join(map(re.escape, english.split("{}")))), PHRASES[english])
        for english in open_ones
    ]
