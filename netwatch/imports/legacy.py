"""Text in TCVN3 (ABC) or VNI letters, which a font once made Vietnamese: told, and turned over.

Both put Vietnamese letters where the code page 1252 has others: TCVN3 (TCVN 5712:1993) one for one,
VNI (VNI-Windows) as a letter with one for its accent behind it.
"""

from __future__ import annotations

from typing import Literal

Encoding = Literal["TCVN3", "VNI"]

_TCVN3_FROM = "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦"
_TCVN3_TO = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ"
_TCVN3 = str.maketrans(_TCVN3_FROM, _TCVN3_TO)

_TCVN3_SIGNS = frozenset("µ¸¶·¹¨»¾¼½©®ª«¬§¡¢£¤¥¦\u00ad")
"""Signs that stand in words of no other Vietnamese text."""

_VNI_BASES = {
    "a": {"ù": "á", "ø": "à", "û": "ả", "õ": "ã", "ï": "ạ", "â": "â", "á": "ấ", "à": "ầ", "å": "ẩ",
          "ã": "ẫ", "ä": "ậ", "ê": "ă", "é": "ắ", "è": "ằ", "ú": "ẳ", "ü": "ẵ", "ë": "ặ"},
    "e": {"ù": "é", "ø": "è", "û": "ẻ", "õ": "ẽ", "ï": "ẹ", "â": "ê", "á": "ế", "à": "ề", "å": "ể",
          "ã": "ễ", "ä": "ệ"},
    "o": {"ù": "ó", "ø": "ò", "û": "ỏ", "õ": "õ", "ï": "ọ", "â": "ô", "á": "ố", "à": "ồ", "å": "ổ",
          "ã": "ỗ", "ä": "ộ"},
    "ô": {"ù": "ớ", "ø": "ờ", "û": "ở", "õ": "ỡ", "ï": "ợ"},
    "u": {"ù": "ú", "ø": "ù", "û": "ủ", "õ": "ũ", "ï": "ụ"},
    "ö": {"ù": "ứ", "ø": "ừ", "û": "ử", "õ": "ữ", "ï": "ự"},
    "y": {"ù": "ý", "ø": "ỳ", "û": "ỷ", "õ": "ỹ"},
}  # fmt: skip
_VNI_SINGLE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}

_VNI_SIGNS = frozenset("ñøûïåäëöæîüÑØÛÏÅÄËÖÆÎÜ")
"""Letters that no Vietnamese word has in Unicode."""


def legacy_encoding(text: str) -> Encoding | None:
    """The encoding that a text is in; None when it is in Unicode, as far as can be seen."""
    signs = set(text)
    if signs & _TCVN3_SIGNS and any(
        mark in _TCVN3_SIGNS and (_letter_at(text, place - 1) or _letter_at(text, place + 1))
        for place, mark in enumerate(text)
    ):
        return "TCVN3"
    return "VNI" if signs & _VNI_SIGNS else None


def _letter_at(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isalpha()


def to_unicode(text: str, encoding: Encoding) -> str:
    """The text in Unicode; a person has to look at it, for TCVN3 has few capitals of its own."""
    return text.translate(_TCVN3) if encoding == "TCVN3" else _from_vni(text)


def _from_vni(text: str) -> str:
    letters: list[str] = []
    place = 0
    while place < len(text):
        letter = text[place]
        accents = _VNI_BASES.get(letter.lower(), {})
        accent = text[place + 1 : place + 2].lower()
        if accent in accents:
            found, place = accents[accent], place + 1
        else:
            found = _VNI_SINGLE.get(letter.lower(), letter.lower())
        letters.append(found.upper() if letter.isupper() else found)
        place += 1
    return "".join(letters)
