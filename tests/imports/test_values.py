"""What people and Excel write in cells, and what it comes to."""

from __future__ import annotations

import pytest

from netwatch.imports.legacy import legacy_encoding, to_unicode
from netwatch.imports.resolve import is_place
from netwatch.imports.review import CellError
from netwatch.imports.sheets import CellKind, SheetCell, column_name
from netwatch.imports.text import name_key
from netwatch.imports.values import addresses_of, coordinates_of, rate_of, text_of, unit_of
from netwatch.imports.words import meaning_of, proper_key


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("10.22.14.1", ["10.22.14.1"]),
        (" 10.22.14.1/24 ", ["10.22.14.1"]),
        ("１０．２２．１４．１", ["10.22.14.1"]),
        ("10.22.14.1\n10.22.14.2", ["10.22.14.1", "10.22.14.2"]),
        ("10.22.14.1; 10.22.14.2", ["10.22.14.1", "10.22.14.2"]),
        ("10.22.14.1, 10.22.14.2 và 10.22.14.3", ["10.22.14.1", "10.22.14.2", "10.22.14.3"]),
        ("10.22.14.1/10.22.14.2", ["10.22.14.1", "10.22.14.2"]),
        ("2001:DB8::0:1", ["2001:db8::1"]),
        ("-", []),
        ("Chưa có", []),
    ],
)
def test_addresses(text: str, addresses: list[str]) -> None:
    assert addresses_of(SheetCell(text)) == addresses


@pytest.mark.parametrize(
    ("text", "kind", "guess"),
    [
        ("10.22.14.256", "text", None),
        ("10.22.14", "text", None),
        ("10.22.14.1.", "text", "10.22.14.1"),
        ("10.22.14. 1", "text", "10.22.14.1"),
        ("10,22,14,1", "text", "10.22.14.1"),
        ("10 22 14 1", "text", "10.22.14.1"),
        ("1O.22.l4.1", "text", "10.22.14.1"),
        ("010.022.014.001", "text", "10.22.14.1"),
        ("http://10.22.14.1/", "text", "10.22.14.1"),
        ("10.22.14.1:8080", "text", "10.22.14.1"),
        ("IP: 10.22.14.1", "text", "10.22.14.1"),
        ("10221141120", "number", "10.221.141.120"),
        ("10.22", "number", None),
        ("2022-10-01", "date", None),
        ("fe80::1%eth0", "text", None),
        ("=A1", "text", None),
        ("@SUM(A1)", "text", None),
    ],
)
def test_what_is_no_address_and_what_was_meant(
    text: str, kind: CellKind, guess: str | None
) -> None:
    with pytest.raises(CellError) as caught:
        addresses_of(SheetCell(text, kind))
    assert caught.value.guess == guess


@pytest.mark.parametrize(
    ("text", "heading", "rate"),
    [
        ("20", "Băng thông (Mbps)", "20M"),
        ("20", "Băng thông", "20M"),
        ("1", "Tốc độ (Gbps)", "1G"),
        ("512", "Tốc độ (kbit/s)", "512k"),
        ("20 Mbps", "Băng thông", "20M"),
        ("20Mb/s", "Băng thông", "20M"),
        ("1,5 Gbps", "Băng thông", "1.5G"),
        ("２０M", "Băng thông", "20M"),
        ("100 MBPS", "Băng thông", "100M"),
        ("không", "Băng thông", None),
    ],
)
def test_rates(text: str, heading: str, rate: str | None) -> None:
    assert rate_of(SheetCell(text), unit_of(heading)) == rate


@pytest.mark.parametrize("text", ["0", "hai mươi", "20-30", "20 triệu đồng", "=1", "9" * 30])
def test_what_is_no_rate(text: str) -> None:
    with pytest.raises(CellError):
        rate_of(SheetCell(text), "M")


@pytest.mark.parametrize(
    "text",
    [
        "20.94, 106.33",
        "20.94,106.33",
        "20,94; 106,33",
        "20.94 106.33",
        "20.94 N, 106.33 E",
        "N20.94 E106.33",
        "20°56'24\"N 106°19'48\"E",
        "20°56′24″ 106°19′48″",
        "106.33E, 20.94N",
    ],
)
def test_coordinates(text: str) -> None:
    assert coordinates_of(SheetCell(text)) == (20.94, 106.33)


@pytest.mark.parametrize(
    ("text", "guess"),
    [("106.33, 20.94", "20.94, 106.33"), ("20.94", None), ("Hải Dương", None), ("200, 300", None)],
)
def test_what_are_no_coordinates(text: str, guess: str | None) -> None:
    with pytest.raises(CellError) as caught:
        coordinates_of(SheetCell(text))
    assert caught.value.guess == guess


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "=1+1", "@SUM(1)", "+cmd(1)", "-2+cmd(1)"])
def test_no_formula_gets_into_a_name(text: str) -> None:
    with pytest.raises(CellError):
        text_of(SheetCell(text))


@pytest.mark.parametrize("text", ["-", "+84 220 3838", "A=B", "HD-01/2024"])
def test_what_only_looks_like_one_is_text(text: str) -> None:
    assert text_of(SheetCell(text)) == text


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Tên đơn vị", "name_vi"),
        ("TÊN ĐƠN VỊ", "name_vi"),
        ("Ten don vi", "name_vi"),
        ("Tọa độ", "coordinates"),
        ("Toạ độ (WGS84)", "coordinates"),
        ("IP  Router", "targets.router"),
        ("IP Switch 2", "targets.switch"),
        ("Băng thông (Mbps):", "uplink.capacity"),
        ("Số\nhợp đồng", "uplink.contract"),
        ("Site Name", "name_vi"),
        ("STT", "skip"),
        ("Màu sơn", None),
    ],
)
def test_headings(heading: str, meaning: str | None) -> None:
    assert meaning_of(heading) == meaning


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hoà Bình", "Hòa  bình"), ("THUỶ NGUYÊN", "Thủy Nguyên"), ("Xã An-Lâm", "xã An Lâm.")],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_accents_tell_names_apart() -> None:
    assert name_key("Cẩm Giang") != name_key("Cẩm Giàng")


@pytest.mark.parametrize(
    "name", ["UBND huyện Nam Sách", "H. Nam Sách", "Huyện Nam Sách", "TX Nam Sách", "Nam Sách"]
)
def test_proper_names(name: str) -> None:
    assert proper_key(name_key(name)) == name_key("Nam Sách")


def test_the_name_of_an_office_is_no_place() -> None:
    assert proper_key("huyen uy nam sach") == "huyen uy nam sach"
    assert not is_place("Huyện ủy Nam Sách")
    assert is_place("UBND huyện Nam Sách")


@pytest.mark.parametrize(
    ("text", "encoding", "meant"),
    [
        ("UBND x· An L©m", "TCVN3", "UBND xã An Lâm"),
        ("Tªn ®¬n vÞ", "TCVN3", "Tên đơn vị"),
        ("Teân ñôn vò", "VNI", "Tên đơn vị"),
        ("Huyeän Nam Saùch", "VNI", "Huyện Nam Sách"),
    ],
)
def test_letters_of_before_unicode(text: str, encoding: str, meant: str) -> None:
    assert legacy_encoding(text) == encoding
    assert to_unicode(text, encoding) == meant  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["Xã An Lâm", "Thuận Thành", "© 2026", "Khoá XIII", "hoà"])
def test_unicode_is_left_alone(text: str) -> None:
    assert legacy_encoding(text) is None


def test_names_of_columns() -> None:
    assert [column_name(number) for number in (0, 25, 26, 16383)] == ["A", "Z", "AA", "XFD"]
