"""What the two sides of the show know, each of its own, with short intervals."""

from __future__ import annotations

from dataclasses import dataclass

from tests.vantage.engines import ROOT

SHIPPED = ROOT / "config" / "vantage" / "inventory" / "party-office.yaml"

_SOON = "interval: 1s, timeout: 900ms"
_EDITS = [("interval: 5s, timeout: 1s", _SOON), ("interval: 15s, timeout: 3s", _SOON)]

STATE_HOST, PARTY_HOST = "10.16.0.100", "10.18.0.100"
"""Where the collectors and all of Prometheus are."""

STATE_ADDRESSES = [f"{STATE_HOST}/24", *(f"10.16.0.{host}/24" for host in (1, 30, 31, 32))]
PARTY_ADDRESSES = [
    *(f"{PARTY_HOST}/24", "10.18.0.1/24", "10.18.0.2/24", "10.18.0.10/24", "10.18.0.11/24"),
    *("10.18.1.1/24", "10.18.1.10/24"),
]

PARTY_FLOWS = ("f101", "f102", "f103", "f104", "f105")
FLOWS = ("documents", "no-desktop", *PARTY_FLOWS)


@dataclass(frozen=True)
class Side:
    """One side of the firewall.

    Attributes:
        servers: ``address:port`` that are open there, whether the firewall lets anybody through or
            not.
    """

    vantage: str
    host: str
    inventory: str
    servers: tuple[str, ...]


STATE = """
province: {name_vi: Thử, name: Test}
ranges: [10.16.0.0/12]
tiers: {office: {name_vi: Cơ quan, name: Office, rank: 0}}
networks:
  state: {name_vi: Nhà nước, name: State}
  party: {name_vi: Bên kia, name: Other side}
vantages:
  state-dc: {site: centre, name_vi: Trung tâm}
  party-office: {site: across, name_vi: Điểm đo bên kia}
canaries: [centre/router]
classes:
  any:
    match: {roles: [router, exchange]}
    checks: [{probe: icmp, interval: 1s, timeout: 900ms}]
sites:
  centre: {tier: office, name_vi: Trung tâm, targets: {router: 10.16.0.1}}
  across: {tier: office, network: party, name_vi: Bên kia, targets: {exchange: 10.18.0.10}}
flows:
  documents:
    name_vi: Văn bản
    from: state-dc
    to: across/exchange
    check: {probe: tcp, port: 443, interval: 1s, timeout: 900ms}
    expect: pass
  no-desktop:
    name_vi: Cấm
    from: state-dc
    to: across/exchange
    check: {probe: tcp, port: 3389, interval: 1s, timeout: 900ms}
    expect: blocked
"""


def party() -> str:
    """The inventory that is shipped for the Party side, in less time."""
    text = SHIPPED.read_text(encoding="utf-8")
    for before, after in _EDITS:
        assert before in text, f"{SHIPPED} no longer has {before!r}"
        text = text.replace(before, after)
    return text


STATE_SIDE = Side(
    "state-dc",
    STATE_HOST,
    STATE,
    ("10.16.0.32:443", "10.16.0.30:443", "10.16.0.31:25", "10.16.0.30:3389", "10.16.0.31:22"),
)
PARTY_SIDE = Side("party-office", PARTY_HOST, party(), ("10.18.0.10:443", "10.18.0.10:3389"))
