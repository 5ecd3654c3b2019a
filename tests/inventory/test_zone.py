"""The province's zone is found without reading the whole inventory, however it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwatch.inventory.zone import DEFAULT_ZONE, province_zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("province:\n  name_vi: X\n  timezone: Asia/Bangkok\n", "Asia/Bangkok"),
        ("tiers: {}\nprovince:\n\n  # Đây\n  timezone: 'Asia/Tokyo'\nsites: {}\n", "Asia/Tokyo"),
        ('province: {name: X, timezone: "Asia/Seoul"}\n', "Asia/Seoul"),
        ("province: {name: X}\nother:\n  timezone: Asia/Tokyo\n", DEFAULT_ZONE),
        ("province:\n  timezone: Mars/Phobos\n", DEFAULT_ZONE),
        ("province:\n  timezone: ../../etc/passwd\n", DEFAULT_ZONE),
        ("sites: {}\n", DEFAULT_ZONE),
        ("", DEFAULT_ZONE),
        ("\x00\xff" * 1000, DEFAULT_ZONE),
    ],
)
def test_it_is_found(tmp_path: Path, text: str, zone: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    assert province_zone(tmp_path).key == zone


def test_the_file_that_is_likely_comes_first_and_none_is_no_error(tmp_path: Path) -> None:
    assert province_zone(tmp_path / "nothing").key == DEFAULT_ZONE
    (tmp_path / "a.yaml").write_text("province: {timezone: Asia/Tokyo}\n")
    (tmp_path / "province.yaml").write_text("province: {timezone: Asia/Seoul}\n")
    assert province_zone(tmp_path).key == "Asia/Seoul"
