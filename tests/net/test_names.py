"""Names as people write them."""

from __future__ import annotations

import pytest

from netwatch.net.names import host_name, plain_name, to_ascii

ENCODED = "xn--hi-dng-6wb3j9441a.vn"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("mail.haiduong.gov.vn", "mail.haiduong.gov.vn"),
        ("Mail.HaiDuong.gov.vn.", "mail.haiduong.gov.vn"),
        ("hải-dương.vn", ENCODED),
        ("HẢI-DƯƠNG.vn.", ENCODED),
        ("ha\u0309i-du\u031bo\u031bng.vn", ENCODED),  # letters and their marks apart
        (ENCODED.upper(), ENCODED),
        ("_dmarc.haiduong.gov.vn", "_dmarc.haiduong.gov.vn"),
    ],
)
def test_a_name_has_one_form(written: str, name: str) -> None:
    assert host_name(written) == plain_name(written) == name


@pytest.mark.parametrize(
    "written",
    ["", ".", "a..b", "a b", "-a.vn", "a\nb", "ố" * 300, "☃" * 64, "a" * 64 + ".vn", "\udcff"],
)
def test_what_is_no_name_is_refused(written: str) -> None:
    to_ascii(written)
    with pytest.raises(ValueError, match="is not a host name"):
        host_name(written)
