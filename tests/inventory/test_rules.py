"""What must hold between entries: each violation with its place and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.inventory.province import BASE, SITES, complaints, load

LINK = "{{a: {{target: {}}}, b: {{target: {}}}, carrier: VNPT, capacity: 1G}}"


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        (
            "sites: {x: {tier: comune, name_vi: X}}",
            "more.yaml:1: tier 'comune' does not exist; did you mean commune?",
        ),
        (
            "sites: {x: {tier: commune, name_vi: X, network: army}}",
            "more.yaml:1: network 'army' does not exist; correct it, or define it under networks",
        ),
        (
            "sites:\n  x:\n    tier: commune\n    name_vi: X\n    parent: anlam",
            "more.yaml:5: site 'anlam' does not exist; did you mean an-lam?",
        ),
        (
            (
                "sites:\n  x: {tier: commune, name_vi: X, parent: y}\n"
                "  y: {tier: commune, name_vi: Y, parent: z}\n"
                "  z: {tier: commune, name_vi: Z, parent: x}"
            ),
            "more.yaml:2: parents make a circle: x -> y -> z -> x; change one of them",
        ),
        (
            "sites:\n  x: {tier: commune, name_vi: X, parent: x}",
            "more.yaml:2: parents make a circle: x -> x; change one of them",
        ),
        (
            (
                "sites:\n  x:\n    tier: commune\n    name_vi: X\n    targets:\n      router:\n"
                "        address: 10.22.9.1\n        depends_on: [codec]"
            ),
            "more.yaml:8: site x has no target 'codec'; correct it, or define it under targets",
        ),
        (
            (
                "sites: {x: {tier: commune, name_vi: X, targets: {router: {address: 10.22.9.1, "
                "depends_on: [centre/ruter]}}}}"
            ),
            "more.yaml:1: site centre has no target 'ruter'; did you mean router?",
        ),
        (
            (
                "sites:\n  x:\n    tier: commune\n    name_vi: X\n    targets:\n"
                "      router: {address: 10.22.9.1, depends_on: [codec]}\n"
                "      codec: {address: 10.22.9.2, depends_on: [x/router]}"
            ),
            "more.yaml:7: depends_on makes a circle: x/codec -> x/router -> x/codec; change one",
        ),
        (
            (
                "sites:\n  y:\n    tier: commune\n    name_vi: Y\n    targets:\n      router:\n"
                "        address: 10.22.8.1\n        depends_on: [x/codec]\n"
                "  x: {tier: commune, name_vi: X, parent: y, targets: {router: 10.22.9.1, "
                "codec: 10.22.9.2}, uplink: {carrier: VNPT, capacity: 1M}}"
            ),
            (
                "more.yaml:8: y/router depends on what is reached through it: "
                "x/codec -> x/router -> y/router -> x/codec; change depends_on"
            ),
        ),
        (
            (
                "sites: {x: {tier: commune, name_vi: X, targets: {router: {address: 10.22.9.1, "
                "class: roter}}}}"
            ),
            "more.yaml:1: class 'roter' does not exist; did you mean router?",
        ),
        (
            (
                "sites: {x: {tier: commune, name_vi: X, targets: {router: {address: 10.22.9.1, "
                "snmp: wam}}}}"
            ),
            "more.yaml:1: credential 'wam' does not exist; did you mean wan?",
        ),
        (
            (
                "logins: {mcu-admin: {secret: mcu}}\n"
                "classes: {x: {match: {roles: [x]}, checks: [{probe: call, interval: 9s,\n"
                "  login: mcu-admn}]}}"
            ),
            "more.yaml:3: login 'mcu-admn' does not exist; did you mean mcu-admin?",
        ),
        (
            (
                "calendars: {c: {name_vi: L, level: x, url: 'https://lich.vn/a.ics',\n"
                "  address: 192.0.2.7}}"
            ),
            "more.yaml:2: 192.0.2.7 is in none of ranges; correct it, or add its range",
        ),
        (
            (
                "calendars: {c: {name_vi: L, level: x, url: 'https://lich.vn/a.ics',\n"
                "  address: 10.22.9.9, login: c}}"
            ),
            "more.yaml:2: login 'c' does not exist; correct it, or define it under logins",
        ),
        (
            "sites: {x: {tier: commune, name_vi: X, targets: {router: 192.0.2.1}}}",
            "more.yaml:1: 192.0.2.1 is in none of ranges; correct it, or add its range",
        ),
        (
            "sites: {x: {tier: commune, name_vi: X, targets: {router: 10.22.1.20}}}",
            "sites.yaml:12: 10.22.1.20 is the address of x/router (",
        ),
        (
            "sites: {x: {tier: commune, name_vi: X, targets: {webcam: 10.22.9.1}}}",
            "more.yaml:1: no class matches role 'webcam' of tier 'commune'; correct the role, or",
        ),
        (
            "sites: {x: {tier: commune, name_vi: X, uplink: {carrier: VNPT, capacity: 1M}}}",
            "more.yaml:1: an uplink begins at a router; add a target with role router",
        ),
        (
            "sites: {x: {tier: commune, name_vi: X, uplink: {carrier: VNPT, capacity: 1M}}}",
            "more.yaml:1: an uplink leads to the parent; add parent",
        ),
        (
            (
                "sites:\n  x: {tier: commune, name_vi: X, targets: {codec: 10.22.9.1}}\n"
                "  y: {tier: commune, name_vi: Y, parent: x, targets: {router: 10.22.9.2},\n"
                "    uplink: {carrier: VNPT, capacity: 1M}}"
            ),
            "more.yaml:4: parent x has no router for the uplink; add one, or write a link",
        ),
        (
            f"links:\n  an-lam-uplink: {LINK.format('centre/router', 'an-lam/router')}",
            "sites.yaml:13: the uplink is link an-lam-uplink, which is also under links; rename",
        ),
        (
            f"links:\n  x: {LINK.format('centre/router', 'anlam/router')}",
            "more.yaml:2: site 'anlam' does not exist; did you mean an-lam?",
        ),
        (
            f"links:\n  x: {LINK.format('centre/router', 'centre/router')}",
            "more.yaml:2: both ends are centre/router; name the target at the other end",
        ),
        (
            "vantages: {x: {site: nowhere, name_vi: X}}",
            "more.yaml:1: site 'nowhere' does not exist; correct it, or define it under sites",
        ),
        ("canaries:\n- centre", "more.yaml:2: 'centre' is not a target; write site/target"),
        ("canaries:\n- centre/x", "more.yaml:2: site centre has no target 'x'; correct it, or"),
        (
            "objectives: {o: {name: O, name_vi: O, tiers: [comune], goal: 100%}}",
            "more.yaml:1: tier 'comune' does not exist; did you mean commune?",
        ),
        (
            (
                "classes:\n  x:\n    match: {roles: [x]}\n    checks:\n"
                "      - {probe: tcp, port: 443, interval: 5s}\n"
                "      - {probe: icmp, interval: 5s}\n"
                '      - {probe: tcp, port: "443", interval: 9s}'
            ),
            "more.yaml:7: tcp:443 is checked already (",
        ),
        (
            (
                "classes:\n  x:\n    match: {roles: [x]}\n    checks:\n"
                "      - {probe: tcp, prt: 443, interval: 5s}"
            ),
            "more.yaml:5: probe tcp: unknown key 'prt'; did you mean port?",
        ),
        (
            (
                "classes:\n  x:\n    match: {roles: [x]}\n    checks:\n"
                "      - {probe: tcp, port: 443, interval: 5s, timout: 1s}"
            ),
            "more.yaml:5: probe tcp: unknown key 'timout'; did you mean timeout?",
        ),
        (
            "classes: {x: {match: {roles: [x]}, checks: [{probe: tcp, interval: 5s, port: 7e4}]}}",
            "more.yaml:1: probe tcp: port must be a whole number, not '7e4'",
        ),
        (
            (
                "classes:\n  x:\n    match: {roles: [router]}\n"
                "    checks: [{probe: icmp, interval: 9s}"
                "]"
            ),
            "more.yaml:3: class x matches role router, and so does router (",
        ),
        (
            (
                "classes:\n  x: {match: {roles: [a, b], tiers: [commune, centre]}, checks: "
                "[{probe: icmp, interval: 5s}]}\n"
                "  y: {match: {roles: [b], tiers: [commune]}, checks: "
                "[{probe: icmp, interval: 5s}]}"
            ),
            "more.yaml:3: class y matches role b of tier commune, and so does x (",
        ),
        (
            (
                "classes: {x: {match: {roles: [x], tiers: [comune]}, checks: "
                "[{probe: icmp, interval: 5s}]}}"
            ),
            "more.yaml:1: tier 'comune' does not exist; did you mean commune?",
        ),
        (
            "classes: {x: {match: {roles: [x]}, snmp: wam, checks: [{probe: snmp, interval: 9s}]}}",
            "more.yaml:1: credential 'wam' does not exist; did you mean wan?",
        ),
        (
            (
                "classes: {x: {match: {roles: [x]}, checks: [{probe: snmp, interval: 9s}]}}\n"
                "sites: {x: {tier: commune, name_vi: X, targets: {x: 10.22.9.1}}}"
            ),
            "more.yaml:2: class x has a check that needs a credential; write snmp: <credential>",
        ),
        (
            (
                "classes: {x: {match: {roles: [x]}, checks: "
                "[{probe: call, interval: 900ms, timeout: 500ms}]}}"
            ),
            "more.yaml:1: probe call: interval must be at least 1s",
        ),
        (
            (
                "classes: {x: {match: {roles: [x]}, checks: "
                "[{probe: call, interval: 9s, timeout: 1s, packets: 100}]}}"
            ),
            "more.yaml:1: probe call: takes 2s and more; give it a timeout beyond that",
        ),
        (
            (
                "sites: {x: {tier: commune, name_vi: X, targets: {codec: "
                "{address: 10.22.9.1, alias: 'a b'}}}}"
            ),
            "more.yaml:1: alias has characters that may not stand there, not 'a b'",
        ),
    ],
)
def test_a_violation_has_its_place_and_remedy(tmp_path: Path, more: str, complaint: str) -> None:
    found = complaints(tmp_path, more)
    assert any(line.startswith(complaint) for line in found), found


@pytest.mark.parametrize(
    "more",
    [
        # A class that names tiers goes before one that doesn't.
        (
            "classes: {x: {match: {roles: [router], tiers: [commune]}, "
            "checks: [{probe: icmp, interval: 5s}]}}"
        ),
        # The target itself names the class, or the credential.
        (
            "sites: {x: {tier: commune, name_vi: X, targets: {webcam: "
            "{address: 10.22.9.1, class: codec}}}}"
        ),
        (
            "classes: {x: {match: {roles: [x]}, checks: [{probe: snmp, interval: 9s}]}}\n"
            "sites: {x: {tier: commune, name_vi: X, targets: {x: {address: 10.22.9.1, snmp: wan}}}}"
        ),
        # A firewall may stand between a router and its line.
        (
            "sites: {x: {tier: commune, name_vi: X, parent: an-lam, targets: {router: "
            "{address: 10.22.9.1, depends_on: [switch]}, switch: {address: 10.22.9.2, role: router,"
            " depends_on: [firewall]}, firewall: {address: 10.22.9.3, role: router}}}}"
        ),
        # There is a reason for the second use of an address.
        (
            "sites: {x: {tier: commune, name_vi: X, targets: {router: "
            "{address: 10.22.1.20, shares_address: same device}}}}"
        ),
    ],
)
def test_what_is_allowed(tmp_path: Path, more: str) -> None:
    assert load(tmp_path, more)


def test_every_circle_is_reported(tmp_path: Path) -> None:
    more = "sites:\n" + "".join(
        f"  {id_}: {{tier: commune, name_vi: X, parent: {parent}}}\n"
        for id_, parent in {"a": "b", "b": "a", "c": "d", "d": "c", "e": "a"}.items()
    )
    assert complaints(tmp_path, more) == [
        "more.yaml:2: parents make a circle: a -> b -> a; change one of them",
        "more.yaml:4: parents make a circle: c -> d -> c; change one of them",
    ]


def test_a_missing_class_is_reported_once_for_a_kind_of_target(tmp_path: Path) -> None:
    more = "sites:\n" + "".join(
        f"  x{n}: {{tier: commune, name_vi: X, targets: {{webcam: 10.22.9.{n}}}}}\n"
        for n in range(1, 9)
    )
    (line,) = complaints(tmp_path, more)
    assert line.startswith("more.yaml:2: no class matches role 'webcam'")


def test_a_class_that_is_wrong_is_not_missing_as_well(tmp_path: Path) -> None:
    found = complaints(tmp_path, base=BASE.replace("interval: 10s", "interval: 10"))
    assert len(found) == 1
    assert "interval: '10' is not a duration" in found[0]


def test_the_same_address_in_two_places_names_both(tmp_path: Path) -> None:
    sites = SITES.replace("codec: 10.22.1.20", "codec: 10.22.1.1")
    (line,) = complaints(tmp_path, sites=sites)
    assert line.startswith(
        "sites.yaml:12: 10.22.1.1 is the address of an-lam/router (sites.yaml:12)"
    )
    assert line.endswith("correct one of them, or say why under shares_address")
