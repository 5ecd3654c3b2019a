"""Vietnamese text as people type it: made one before it is compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from netwatch.inventory.names import plain

_TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Grave, acute, tilde, hook above, dot below."""

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))

_WORDS = re.compile(r"[^\W_]+")


def clean(text: str) -> str:
    """One line in composed letters, with single spaces, without what can't be seen."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


def narrow(text: str) -> str:
    """The same with full-width digits and letters made narrow, as addresses and figures need."""
    return " ".join(unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).split())


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
