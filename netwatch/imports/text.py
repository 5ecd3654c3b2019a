"""Vietnamese text as people type it: made one before it is compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from netwatch.inventory.names import plain

_TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Grave, acute, tilde, hook above, dot below."""

_WORDS = re.compile(r"[^\W_]+")


def clean(text: str) -> str:
    """One line in composed letters, with single spaces, without what can't be seen."""
    return " ".join(unicodedata.normalize("NFC", _visible(text)).split())


def narrow(text: str) -> str:
    """The same with full-width digits and letters made narrow, as addresses and figures need."""
    return " ".join(unicodedata.normalize("NFKC", _visible(text)).split())


def _visible(text: str) -> str:
    return text if text.isprintable() else "".join(map(_visible_letter, text))


def _visible_letter(letter: str) -> str:
    """A space for what controls; nothing for what only forms; a sign for half a character."""
    kind = unicodedata.category(letter)
    return {"Cc": " ", "Zl": " ", "Zp": " ", "Cf": "", "Cs": "\ufffd", "Cn": "\ufffd"}.get(
        kind, letter
    )


@lru_cache(maxsize=65536)
def name_key(text: str) -> str:
    """What two spellings of a name have in common.

    Case, spaces and punctuation don't count, nor whether a tone stands as in ``Hoà`` or ``Hòa``.
    """
    return " ".join(_with_tone_last(word) for word in _words(text))


@lru_cache(maxsize=65536)
def plain_key(text: str) -> str:
    """The same without any accents: ``Cẩm Giàng`` and ``Cam Giang`` are alike."""
    return " ".join(plain(word) for word in _words(text))


def _words(text: str) -> list[str]:
    """The words in small letters; a combining mark belongs to its word, so letters are composed."""
    return _WORDS.findall(clean(text).casefold())


def _with_tone_last(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(letter for letter in letters if letter in _TONES)
    return "".join(letter for letter in letters if letter not in _TONES) + tones
