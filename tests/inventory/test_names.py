"""English names made from Vietnamese ones."""

import pytest

from netwatch.inventory.names import english, plain

KINDS = {"Xã": "commune", "Phường": "ward", "Thị trấn": "township"}


@pytest.mark.parametrize(
    ("name_vi", "name"),
    [
        ("Xã An Lâm", "An Lam commune"),
        ("Phường Đồng Lạc", "Dong Lac ward"),
        ("Thị trấn Kẻ Sặt", "Ke Sat township"),
        ("Sở Nội vụ", None),
        ("Xãkhông", None),
    ],
)
def test_english(name_vi: str, name: str | None) -> None:
    assert english(name_vi, KINDS) == name


def test_plain_leaves_no_sign_of_tone() -> None:
    assert plain("Ứng Hoè, Việt Hoà, ĐỨC, đường") == "Ung Hoe, Viet Hoa, DUC, duong"
