"""One cell as an address, a rate, a place on the map, a name."""

from __future__ import annotations

import re
from ipaddress import ip_address

from netwatch.imports.review import CellError
from netwatch.imports.sheets import MAX_TEXT, SheetCell
from netwatch.imports.text import clean, narrow
from netwatch.imports.words import is_nothing

MAX_NAME = 128
"""Characters of a name in the inventory."""

_UNITS = {"k": "k", "m": "M", "g": "G", "t": "T"}
_RATE = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,3})?) ?([kmgt])?(?:bps|b/s|bits?/s|bits?|ps|b)?")
_UNIT = re.compile(r"\b([kmgt])(?:bps|b/s|bits?/s|bit|b)\b")

_DEGREES = re.compile(
    r"([NSEW]?) ?(-?[0-9]{1,3}(?:[.,][0-9]{1,12})?) ?°?"
    r"(?: ?([0-9]{1,2}(?:[.,][0-9]{1,9})?) ?['′’])?"
    r"(?: ?([0-9]{1,2}(?:[.,][0-9]{1,9})?) ?(?:\"|”|''|′′))? ?([NSEW]?)"
)

_LOOKS_LIKE_ZERO_OR_ONE = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})


def text_of(cell: SheetCell) -> str:
    """One line of text.

    Raises:
        CellError: it is a formula, an error, too long, or can't be shown.
    """
    refuse_formula(cell)
    text = clean(cell.text)
    if cell.kind == "date":
        raise CellError(
            f"Excel đã đổi thành ngày {text} / Excel made a date of it; write it as text"
        )
    if len(text) > min(MAX_NAME, MAX_TEXT) or not text.isprintable():
        raise CellError(
            "dài quá 128 ký tự / is longer than 128 characters", text[:MAX_NAME].strip()
        )
    return text


def name_of(cell: SheetCell) -> str:
    """The name of a place."""
    text = text_of(cell)
    if not any(letter.isalpha() for letter in text):
        raise CellError(f"{text!r} không phải tên / is not a name")
    return text


def optional_text(cell: SheetCell) -> str | None:
    """Text; None where somebody wrote that there is none."""
    text = text_of(cell)
    return None if is_nothing(text) else text


def refuse_formula(cell: SheetCell) -> None:
    """Raise where there is no value, or what a program might run when it is written out."""
    if cell.kind == "error":
        raise CellError("công thức bị lỗi trong Excel / is an error in Excel; write the value")
    begin = cell.text.lstrip()[:1]
    if cell.kind == "formula" or begin in {"=", "@"} or (begin in {"+", "-"} and "(" in cell.text):
        raise CellError("là công thức, hãy thay bằng giá trị / is a formula; write its value")


def addresses_of(cell: SheetCell) -> list[str]:
    """All addresses of a cell, which commas, semicolons, slashes or spaces stand between.

    Raises:
        CellError: something in it is none.
    """
    refuse_formula(cell)
    text = narrow(cell.text)
    if is_nothing(text):
        return []
    if cell.kind != "text":
        raise CellError(*_not_text(cell, text))
    single = _one(text)
    if single is not None:
        return [single]
    parts = re.split(r"[;, ]", text.replace("/", " ") if "/" in text else text)
    found = [_one(part) for part in parts if part not in {"", "và", "-"}]
    if len(found) > 1 and None not in found:
        return [each for each in found if each]
    raise CellError(f"{text[:64]!r} không phải địa chỉ IP / is not an IP address", _guess(text))


def _one(text: str) -> str | None:
    """One address, with or without the length of its network."""
    address, _, length = text.partition("/")
    if length and not (length.isascii() and length.isdigit() and int(length[:4]) <= 128):
        return None
    try:
        found = ip_address(address.strip())
    except ValueError:
        return None
    return None if "%" in str(found) else str(found)


def _not_text(cell: SheetCell, text: str) -> tuple[str, str | None]:
    """What Excel made of it: ``10.221.141.120`` is 10221141120 where dots mark thousands."""
    message = f"Excel đã đổi địa chỉ thành {text} / Excel made {cell.kind} of it; write it as text"
    groups = [text[::-1][place : place + 3][::-1] for place in range(0, len(text), 3)][::-1]
    likely = _one(".".join(str(int(group)) for group in groups)) if text.isdigit() else None
    return message, likely


def _guess(text: str) -> str | None:
    """An address that was mistyped in a way that can be undone."""
    bare = text.partition("://")[2].split("/")[0] if "://" in text else text
    for likely in (
        bare,
        bare.translate(_LOOKS_LIKE_ZERO_OR_ONE),
        re.sub(r" ?[.,。] ?", ".", bare).strip("."),
        ".".join(part.lstrip("0") or "0" for part in bare.split(".")),
        bare.partition(":")[0],
        bare.lstrip("IPipAaDdRrEeSs:= "),
        bare.replace(" ", "."),
    ):
        if found := _one(likely):
            return found
    return None


def unit_of(heading: str) -> str:
    """The unit in a heading, as in ``Băng thông (Mbps)``; M where it has none."""
    found = _UNIT.search(narrow(heading).casefold())
    return _UNITS[found[1]] if found else "M"


def rate_of(cell: SheetCell, unit: str) -> str | None:
    """A rate as the inventory has it: ``20M``.

    Args:
        cell: a number, or text with a unit.
        unit: of a bare number.

    Raises:
        CellError: it is none.
    """
    refuse_formula(cell)
    text = narrow(cell.text)
    if is_nothing(text):
        return None
    if cell.kind == "date":
        raise CellError(f"Excel đã đổi thành ngày {text} / Excel made a date of it")
    match = _RATE.fullmatch(text.casefold())
    number = float(match[1].replace(",", ".")) if match else 0.0
    if match is None or number == 0:
        loose = re.search(r"([0-9]{1,5}) ?([kmg])?b?", text.casefold())
        guess = f"{loose[1]}{_UNITS.get(loose[2] or '', unit)}" if loose and int(loose[1]) else None
        raise CellError(f"{text[:64]!r} không phải băng thông / is not a rate, as 20M or 1G", guess)
    return f"{number:.3f}".rstrip("0").rstrip(".") + _UNITS.get(match[2] or "", unit)


def degrees_of(cell: SheetCell) -> list[tuple[float, str]]:
    """Degrees, each with the letter of its direction, or with none."""
    refuse_formula(cell)
    text = narrow(cell.text).upper().replace("B", "N").replace("Đ", "E")
    found: list[tuple[float, str]] = []
    for part in _parts_of(text):
        match = _DEGREES.fullmatch(part.strip())
        if match is None:
            raise CellError(
                f"{text[:64]!r} không phải toạ độ / are no coordinates, as 20.94, 106.33"
            )
        degrees, minutes, seconds = (float((match[n] or "0").replace(",", ".")) for n in (2, 3, 4))
        letter = match[1] or match[5]
        value = degrees + minutes / 60 + seconds / 3600
        found.append((round(-value if letter in {"S", "W"} else value, 6), letter))
    return found


def _parts_of(text: str) -> list[str]:
    """Both halves, parted by a semicolon, a comma with a space or two points, or a space."""
    for pattern in (
        r" ?; ?",
        r" ?, ",
        r"(?<=[NSEW\"'″′]) (?=[0-9NSEW])",
        r"(?<=[0-9]) (?=[NSEW] ?[0-9])",
        r" (?=-?[0-9]{2,3}[.,°])",
    ):
        parts = [part for part in re.split(pattern, text) if part.strip()]
        if len(parts) == 2:
            return parts
    if text.count(",") == 1 and text.count(".") == 2:
        return text.split(",")
    return [text]


def coordinates_of(cell: SheetCell) -> tuple[float, float] | None:
    """Latitude and longitude in degrees.

    Raises:
        CellError: there are not two, or they are not on the earth; with the guess that they are
            exchanged where that would be in Viet Nam.
    """
    if is_nothing(narrow(cell.text)):
        return None
    degrees = degrees_of(cell)
    if len(degrees) != 2:
        raise CellError(f"{cell.text[:64]!r} cần hai số / needs two numbers, as 20.94, 106.33")
    (first, letter), (second, _) = degrees
    if letter in {"E", "W"}:
        return second, first
    return checked_place(first, second)


def checked_place(latitude: float, longitude: float) -> tuple[float, float]:
    """The same, if it is on the earth and not obviously exchanged."""
    if 8 <= longitude <= 24 and 102 <= latitude <= 118:
        raise CellError(
            "kinh độ đứng trước vĩ độ / longitude stands before latitude",
            f"{longitude}, {latitude}",
        )
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise CellError(f"{latitude}, {longitude} không có trên trái đất / is not on the earth")
    return latitude, longitude
