"""Former ids: what they lead to, and which of them can't be."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwatch.inventory.former_ids import FormerIds, former_ids
from tests.inventory.province import complaints, load

RENAMED = """\
sites:
  thai-tan:
    formerly: [an-binh, nam-trung]
    tier: commune
    parent: centre
    name_vi: Xã Thái Tân
    targets:
      gateway: {address: 10.22.2.1, role: router, formerly: [router, an-lam/router-2]}
      codec: 10.22.2.20
    uplink: {carrier: VNPT, capacity: 20M, formerly: [old-fibre]}
links:
  second:
    formerly: [radio]
    a: {target: thai-tan/gateway}
    b: {target: centre/router}
    carrier: VNPT
    capacity: 1G
flows:
  trunk:
    formerly: [axis]
    name_vi: Trục
    from: here
    to: thai-tan/codec
    check: {probe: tcp, port: 443, interval: 60s}
    expect: pass
"""


@pytest.mark.parametrize(
    ("kind", "former", "present"),
    [
        ("site", "an-binh", "thai-tan"),
        ("site", "nam-trung", "thai-tan"),
        ("site", "an-lam", "an-lam"),
        ("target", "thai-tan/router", "thai-tan/gateway"),
        ("target", "an-binh/router", "thai-tan/gateway"),
        ("target", "nam-trung/codec", "thai-tan/codec"),
        ("target", "an-lam/router-2", "thai-tan/gateway"),
        ("target", "an-lam/router", "an-lam/router"),
        ("link", "an-binh-uplink", "thai-tan-uplink"),
        ("link", "old-fibre", "thai-tan-uplink"),
        ("link", "radio", "second"),
        ("flow", "axis", "trunk"),
        ("flow", "party/here/an-binh/router/tcp:23", "party/here/thai-tan/gateway/tcp:23"),
        ("cause", "link:nam-trung-uplink", "link:thai-tan-uplink"),
        ("cause", "target:an-binh/router", "target:thai-tan/gateway"),
        ("cause", "flow:axis", "flow:trunk"),
        ("cause", "certificate:an-binh/router/tls:443", "certificate:thai-tan/gateway/tls:443"),
        ("cause", "meeting:an-binh", "meeting:an-binh"),
        ("cause", "", ""),
        ("check", "an-binh/router/icmp", "thai-tan/gateway/icmp"),
        ("check", "an-binh/codec/tcp:443@axis", "thai-tan/codec/tcp:443@trunk"),
    ],
)
def test_a_former_id_leads_to_the_present_one(
    kind: str, former: str, present: str, tmp_path: Path
) -> None:
    ids = former_ids(load(tmp_path, RENAMED))
    assert getattr(ids, kind)(former) == present
    assert getattr(ids, kind)(present) == present
    assert FormerIds.of_rows(ids.rows()) == ids, "it is kept without loss"


def test_nothing_was_called_otherwise(tmp_path: Path) -> None:
    assert not former_ids(load(tmp_path))
    assert FormerIds().key(("a", "b")) == ("a", "b")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "sites:\n  x:\n    tier: commune\n    name_vi: X\n    formerly: [an-lam]",
            (
                "more.yaml:5: 'an-lam' is the id of a site now (sites.yaml:8), so it is no former"
                " one; remove it"
            ),
        ),
        (
            (
                "sites:\n  x: {tier: commune, name_vi: X, formerly: [z]}\n"
                "  y: {tier: commune, name_vi: Y, formerly: [z]}"
            ),
            ("more.yaml:3: 'z' is a former id of site x (more.yaml:2) already; remove one of them"),
        ),
        (
            "sites:\n  x: {tier: commune, name_vi: X, formerly: [z, z]}",
            ("more.yaml:2: 'z' is a former id of site x (more.yaml:2) already; remove one of them"),
        ),
        (
            (
                "sites:\n  x:\n    tier: commune\n    name_vi: X\n    targets:\n"
                "      router: 10.22.9.1\n"
                "      codec: {address: 10.22.9.2, formerly: [router]}"
            ),
            (
                "more.yaml:7: 'x/router' is the id of a target now (more.yaml:6), so it is no"
                " former one; remove it"
            ),
        ),
        (
            (
                "sites:\n  x:\n    tier: commune\n    name_vi: X\n    targets:\n"
                "      codec: {address: 10.22.9.2, formerly: [an-lam/router]}"
            ),
            (
                "more.yaml:6: 'an-lam/router' is the id of a target now (sites.yaml:12), so it is"
                " no former one; remove it"
            ),
        ),
        (
            (
                "links:\n  x: {a: {target: an-lam/router}, b: {target: centre/router},"
                " carrier: VNPT, capacity: 1G, formerly: [an-lam-uplink]}"
            ),
            (
                "more.yaml:2: 'an-lam-uplink' is the id of a line now (sites.yaml:13), so it is"
                " no former one; remove it"
            ),
        ),
        (
            (
                "sites:\n  x: {tier: commune, name_vi: X, parent: old}\n"
                "  y: {tier: commune, name_vi: Y, formerly: [old]}"
            ),
            "more.yaml:2: site 'old' does not exist; it is called y now",
        ),
    ],
)
def test_an_id_that_can_not_be_a_former_one_is_told_with_both_places(
    text: str, complaint: str, tmp_path: Path
) -> None:
    assert complaints(tmp_path, text) == [complaint]
