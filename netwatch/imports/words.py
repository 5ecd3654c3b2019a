"""The words of headings and values, which stand in two files beside this one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

from netwatch.imports.text import clean, plain_key
from netwatch.inventory.yaml import Tree, read_file

SKIP = "skip"
"""The meaning of a column that is passed over."""

_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]?")
_NUMBER_BEHIND = re.compile(r" [0-9]{1,2}$")


@cache
def headings() -> Mapping[str, str]:
    """The meaning of each heading, by its plain key."""
    return {
        plain_key(word): meaning
        for meaning, words in _file("headings.yaml").items()
        for word in words
    }


def meanings() -> list[str]:
    """Everything that a column can mean."""
    return list(_file("headings.yaml"))


def meaning_of(heading: str) -> str | None:
    """What a column with this heading means; None when it isn't known."""
    bare = _BRACKETS.sub(" ", clean(heading))
    for key in (plain_key(bare), _NUMBER_BEHIND.sub("", plain_key(bare)), plain_key(heading)):
        if key and key in headings():
            return headings()[key]
    return None


@cache
def words_for(section: str) -> Mapping[str, str]:
    """The id that each word stands for, by the word's plain key: of tiers, roles or networks."""
    groups = cast("dict[str, list[str]]", _tree("words.yaml")[section])
    return {plain_key(word): id_ for id_, words in groups.items() for word in words}


@cache
def kinds() -> tuple[str, ...]:
    """Plain keys of the words before the proper name of a place, longest first."""
    words = cast("list[str]", _tree("words.yaml")["kinds"])
    return tuple(sorted({plain_key(word) for word in words}, key=len, reverse=True))


def proper_key(key: str) -> str:
    """A name's key (plain or not) without the word before the proper name."""
    from_plain = plain_key(key).split()
    for kind in kinds():
        words = kind.split()
        rest = from_plain[len(words) :]
        if from_plain[: len(words)] == words and rest and rest[0] != "uy":  # Huyện ủy is an office
            return " ".join(key.split()[len(words) :])
    return key


@cache
def _list(name: str) -> frozenset[str]:
    return frozenset(cast("list[str]", _tree("words.yaml")[name]))


def is_nothing(text: str) -> bool:
    """Whether somebody wrote that there is nothing."""
    return text.casefold() in {word.casefold() for word in _list("empty")}


def is_total(text: str) -> bool:
    """Whether a row that begins with this is a sum, or a signature, below the table."""
    key = plain_key(text)
    return any(
        key == word or key.startswith(f"{word} ") for word in map(plain_key, _list("totals"))
    )


def _file(name: str) -> dict[str, list[str]]:
    return cast("dict[str, list[str]]", _tree(name))


@cache
def _tree(name: str) -> dict[str, Tree]:
    return read_file(Path(__file__).with_name(name)).root
