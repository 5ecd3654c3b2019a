"""The name that a mistyped one was meant to be, as long as looking for it is cheap."""

from __future__ import annotations

from difflib import get_close_matches

from netwatch.imports.text import plain_key
from netwatch.imports.words import proper_key

MAX_COMPARISONS = 200_000
"""Names that are compared in one run, each with one mistyped: 2 s of CPU."""


class NearNames:
    """Finds names by their plain keys, and those that are like them."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._left = MAX_COMPARISONS

    def add(self, name: str) -> None:
        """Know a name, and the same without the word for the kind of place."""
        key = plain_key(name)
        self._names.setdefault(key, name)
        self._names.setdefault(proper_key(key), name)

    def find(self, text: str) -> str | None:
        """The name that is most like a text; None when none is, or too many were compared."""
        key = plain_key(text)
        for known in (key, proper_key(key)):
            if known in self._names:
                return self._names[known]
        self._left -= len(self._names)
        if self._left < 0:
            return None
        near = get_close_matches(proper_key(key), self._names, n=1)
        return self._names[near[0]] if near else None
