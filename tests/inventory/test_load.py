"""Loading: files are merged, and every mistake is told with its place and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwatch.core.errors import ConfigError
from netwatch.inventory.load import load_inventory
from tests.inventory.province import BASE, SCHEMAS, complaints, load, write


def test_a_sound_inventory_loads(tmp_path: Path) -> None:
    inventory = load(tmp_path)
    assert list(inventory.sites) == ["centre", "an-lam"]
    assert inventory.sites["an-lam"].targets["codec"].role == "codec"
    assert inventory.sites["centre"].targets["router"].snmp == "core"
    assert inventory.tiers["commune"].rank == 3
    uplink = inventory.sites["an-lam"].uplink
    assert uplink is not None
    assert uplink.capacity == 20e6


def test_files_of_all_folders_are_merged_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "districts"
    folder.mkdir()
    site = "sites: {{{}: {{tier: commune, name_vi: Xã B}}}}\n"
    write(folder, b=site.format("b"), a=site.format("a"))
    inventory = load(tmp_path, more="ranges: [192.0.2.0/24]\ncanaries: [centre/router]\n")
    assert list(inventory.sites) == ["a", "b", "centre", "an-lam"]
    assert [str(each) for each in inventory.ranges] == ["10.16.0.0/12", "fd00::/8", "192.0.2.0/24"]


def test_hidden_files_are_not_read(tmp_path: Path) -> None:
    write(tmp_path, **{".backup": "nonsense: true\n"})
    assert load(tmp_path).sites


def test_a_site_without_an_english_name_gets_one(tmp_path: Path) -> None:
    sites = load(tmp_path).sites
    assert sites["an-lam"].name == "An Lam commune"
    assert sites["centre"].name == "Data centre"


def test_addresses_are_canonical(tmp_path: Path) -> None:
    more = "sites: {x: {tier: commune, name_vi: X, targets: {router: 'FD00:0::1'}}}"
    assert load(tmp_path, more).sites["x"].targets["router"].address == "fd00::1"


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (
            "sites:\n  an-lam: {tier: commune, name_vi: X}\n",
            "sites.yaml:8: 'an-lam' is given at more.yaml:2 already; remove one of them",
        ),
        (
            "links: []\n",
            "more.yaml:1: links must be a mapping; write key: value lines",
        ),
        ("links:\n", "more.yaml:1: 'links' has no value; write one or remove it"),
        ("site: {}\n", "more.yaml:1: unknown key 'site'; did you mean sites?"),
        (
            "sites:\n  x:\n    tier: commune\n",
            "more.yaml:2: name_vi is missing; add it",
        ),
        (
            "sites:\n  x:\n    tier: commune\n    name_vi: X\n    parnt: centre\n",
            "more.yaml:5: unknown key 'parnt'; did you mean parent?",
        ),
        (
            "tiers: {x: {name: X, name_vi: X, rank: 1, zzz: 1}}\n",
            "more.yaml:1: unknown key 'zzz'; use one of availability, kinds, name, name_vi, rank",
        ),
        (
            "sites:\n  Xã: {tier: commune, name_vi: X}\n",
            "more.yaml:2: Xã: 'Xã' is not an id; use 1 to 63 small letters, digits, dots and",
        ),
        (
            'sites:\n  x: {tier: commune, name_vi: "X\\nY"}\n',
            "more.yaml:2: name_vi: 'X\\nY' is not one line of 1 to 128 printable characters",
        ),
        (
            "sites: {x: {tier: commune, name_vi: X, targets: {router: dc.example.vn}}}\n",
            "more.yaml:1: router: 'dc.example.vn' is not an IPv4 or IPv6 address; names and zones",
        ),
        (
            "sites: {x: {tier: commune, name_vi: X, targets: {router: 'fd00::1%eth0'}}}\n",
            "more.yaml:1: router: 'fd00::1%eth0' is not an IPv4 or IPv6 address; names and zones",
        ),
        (
            "sites:\n  x: {tier: commune, name_vi: X, targets: {router: [10.16.1.1]}}\n",
            "more.yaml:2: router must be a mapping; write key: value lines",
        ),
        (
            "sites: {x: {tier: commune, name_vi: X, coordinates: [north, 106]}}\n",
            "more.yaml:1: coordinates must be a number, not 'north'",
        ),
        (
            "sites: {x: {tier: commune, name_vi: X, coordinates: [106, 20]}}\n",
            "more.yaml:1: coordinates must be at most 90.0, not '106'",
        ),
        ("ranges: [10.0.0.1/8]\n", "more.yaml:1: ranges: '10.0.0.1/8' is not a range; write netw"),
        (
            "tiers: {x: {name: X, name_vi: X, rank: high}}\n",
            "more.yaml:1: rank must be a whole number, not 'high'",
        ),
        (
            "tiers: {x: {name: X, name_vi: X, rank: 1, availability: 100%}}\n",
            "more.yaml:1: availability: must be between 0% and 100%, e.g. 99.5%; 100% can't be",
        ),
        (
            "objectives: {o: {name: O, name_vi: O, tiers: commune, goal: 100%}}\n",
            "more.yaml:1: tiers must be a list; write [a, b], not 'commune'",
        ),
        (
            "objectives: {o: {name: O, name_vi: O, tiers: [], goal: 100%}}\n",
            "more.yaml:1: o: kind sites counts by tiers; name some, and no level",
        ),
        (
            "objectives: {o: {name: O, name_vi: O, tiers: [commune], goal: 1.0}}\n",
            "more.yaml:1: goal: '1.0' is not a share; write a percentage from 0% to 100%, e.g. 2%",
        ),
        (
            (
                "classes:\n  x:\n    match: {roles: [x]}\n    checks:\n"
                "      - {probe: icmp, interval: 5}\n"
            ),
            "more.yaml:5: interval: '5' is not a duration; write number and unit, e.g. 500ms, 5s",
        ),
        (
            (
                "classes: {x: {match: {roles: [x]}, checks: [{probe: icmp, interval: 1s, "
                "timeout: 2s}]}}\n"
            ),
            "more.yaml:1: checks: timeout is longer than interval; make it at most as long",
        ),
        (
            "credentials:\n  x: {version: 1, community: y}\n",
            "more.yaml:2: x needs another 'version': one of '2c', '3'",
        ),
        ("credentials: {x: {community: y}}\n", "more.yaml:1: x lacks 'version'; add it"),
        (
            "credentials: {x: {version: 2c, comunity: y}}\n",
            "more.yaml:1: unknown key 'comunity'; did you mean community?",
        ),
        (
            "credentials: {x: {version: 3, user: u, auth_key: k, priv_key: p, auth_protocol: md5}}",
            "more.yaml:1: x: too weak: md5; use sha256 and aes128, or write legacy: true",
        ),
        (
            "credentials: {x: {version: 3, user: u, auth_key: k, priv_key: p, priv_protocol: des}}",
            "more.yaml:1: x: too weak: des; use sha256 and aes128, or write legacy: true",
        ),
        (
            "credentials: {x: {version: 3, user: u, auth_key: k, priv_protocol: none}}",
            "more.yaml:1: x: too weak: none; use sha256 and aes128, or write legacy: true",
        ),
        (
            "credentials: {x: {version: 3, user: u, auth_key: k}}",
            "more.yaml:1: x: priv_key must be given, unless priv_protocol is none",
        ),
        (
            "credentials: {x: {version: 3, user: u, auth_key: k, priv_key: p, auth_protocol: sha}}",
            "more.yaml:1: auth_protocol must be 'md5', 'sha1', 'sha224', 'sha256', 'sha384' or",
        ),
        (
            (
                "flows: {f: {name_vi: F, from: here, to: an-lam/router, expect: open, "
                "check: {probe: icmp, interval: 5s}}}"
            ),
            "more.yaml:1: expect must be 'pass' or 'blocked', not 'open'",
        ),
    ],
)
def test_a_mistake_has_its_place_and_remedy(tmp_path: Path, more: str, complaint: str) -> None:
    found = complaints(tmp_path, more)
    assert any(line.startswith(complaint) for line in found), found


def test_a_legacy_device_may_be_weak(tmp_path: Path) -> None:
    more = "credentials: {x: {version: 3, user: u, auth_key: k, auth_protocol: md5, legacy: true,"
    inventory = load(tmp_path, more + " priv_protocol: none}}")
    assert "x" in inventory.credentials


def test_a_secret_in_the_inventory_is_not_repeated(tmp_path: Path) -> None:
    (line,) = complaints(tmp_path, "credentials: {x: {version: 2c, community: S3cr3t!}}")
    assert line.startswith("more.yaml:1: community: must be the name of a secret")
    assert "S3cr3t" not in line


def test_mistakes_of_every_kind_are_reported_at_once_and_in_order(tmp_path: Path) -> None:
    more = """\
    sites:
      x: {tier: commune, name_vi: X, parent: nowhere}
      y: {tier: commune, name_vi: &y Y, targets: {router: 10.22.1.2}}
      z: {tier: commune, nam_vi: Z, parent: x}
    canaries: [z/router, an-lam/codecs]
    canaries: []
    """
    found = complaints(tmp_path, more, base=BASE.replace("rank: 3", "rank: x"))
    assert [line.partition(": ")[0] for line in found] == [
        "base.yaml:5",  # rank
        "more.yaml:2",  # parent
        "more.yaml:3",  # anchor
        "more.yaml:4",  # nam_vi is unknown
        "more.yaml:4",  # name_vi is missing
        "more.yaml:5",  # z has no router; what is wrong with z itself makes no difference
        "more.yaml:5",  # codecs
        "more.yaml:6",  # given twice
    ]


def test_lines_are_in_the_order_of_numbers(tmp_path: Path) -> None:
    more = "sites:\n" + "".join(f"  x{n}: {{tier: t, name_vi: X}}\n" for n in range(12))
    places = [line.partition(": ")[0] for line in complaints(tmp_path, more)]
    assert places == [f"more.yaml:{n}" for n in range(2, 14)]


def test_an_entry_that_is_wrong_is_not_missing_as_well(tmp_path: Path) -> None:
    more = "sites:\n  x: {tier: commune}\n  y: {tier: commune, name_vi: Y, parent: x}\n"
    assert complaints(tmp_path, more) == ["more.yaml:2: name_vi is missing; add it"]


def test_a_file_that_cannot_be_read_hides_no_other_mistake(tmp_path: Path) -> None:
    found = complaints(tmp_path, "sites: {x: {tier: commune}}\n", base="province: [\n")
    assert found[0].startswith("base.yaml:2: is not YAML: ")
    assert found[1:] == ["more.yaml:1: name_vi is missing; add it"]


def test_a_missing_section_is_reported_with_the_directory(tmp_path: Path) -> None:
    found = complaints(tmp_path, base=BASE.replace("province:", "links: {}\nsettings:"))
    assert f"{tmp_path}: province is missing; add it" in found


def test_there_must_be_an_inventory(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"has no \*\.yaml file; see docs"):
        load_inventory(tmp_path, SCHEMAS)
    with pytest.raises(ConfigError, match="is not a directory; set inventory to"):
        load_inventory(tmp_path / "nowhere", SCHEMAS)


def test_a_file_with_the_wrong_suffix_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "more.yml").write_text("sites: {}\n")
    assert complaints(tmp_path) == ["more.yml: is not read; rename it to *.yaml"]


def test_a_message_is_never_long(tmp_path: Path) -> None:
    (line,) = complaints(tmp_path, f"canaries: [{'x' * 5000}/router]\n")
    assert len(line) < 500


def test_a_time_zone_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    base = BASE.replace("name: Hai Duong province", "name: Hai Duong province, timezone: Hanoi")
    (line,) = complaints(tmp_path, base=base)
    assert "timezone: 'Hanoi' is not a time zone; write one as Asia/Ho_Chi_Minh" in line


@pytest.mark.parametrize(
    ("limit", "allowed"), [("MAX_TOTAL_NODES", 10), ("MAX_TOTAL_BYTES", 500), ("MAX_FILES", 2)]
)
def test_all_files_together_have_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, allowed: int
) -> None:
    monkeypatch.setattr(f"netwatch.inventory.source.{limit}", allowed)
    write(tmp_path, **{f"more-{number}": "canaries: [a/b]\n" for number in range(40)})
    with pytest.raises(ConfigError) as caught:
        load(tmp_path)
    (line,) = str(caught.value).splitlines()
    assert "too large" in line or "more than 2 *.yaml files" in line
