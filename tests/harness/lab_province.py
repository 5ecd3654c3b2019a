"""A province small enough to be read at once: two districts, one of them with two communes."""

from __future__ import annotations

from pathlib import Path

SECRETS = {
    "NETWATCH_SECRET_WAN": "only-for-the-test",
    "NETWATCH_SECRET_AUTH": "only-for-the-test-auth",
    "NETWATCH_SECRET_PRIV": "only-for-the-test-priv",
}

FILES = {
    "province.yaml": """
province: {name_vi: Tỉnh Thử, name: Test province}
ranges: [10.30.0.0/16, "fd30::/48"]
networks: {state: {name_vi: Nhà nước, name: State}, party: {name_vi: Đảng, name: Party}}
tiers:
  data-centre: {name_vi: Trung tâm, name: Data centre, rank: 0}
  district: {name_vi: Huyện, name: District, rank: 1}
  commune: {name_vi: Xã, name: Commune, rank: 2}
vantages: {state-dc: {site: centre, name_vi: Trung tâm}}
canaries: [centre/router]
credentials:
  wan: {version: 2c, community: wan}
classes:
  router:
    match: {roles: [router, switch]}
    checks: [{probe: icmp, interval: 5s}, {probe: snmp, interval: 60s, timeout: 5s}]
    snmp: wan
  codec:
    match: {roles: [codec]}
    checks: [{probe: icmp, interval: 5s}, {probe: tcp, port: 1720, interval: 30s}]
  server:
    match: {roles: [server]}
    checks: [{probe: icmp, interval: 5s}]
flows:
  web:
    name_vi: Web
    from: state-dc
    to: centre/server
    check: {probe: tcp, port: 443, interval: 15s}
    expect: pass
  no-rdp:
    name_vi: Cấm
    from: state-dc
    to: centre/server
    check: {probe: tcp, port: 3389, interval: 15s}
    expect: blocked
  no-smb:
    name_vi: Cấm
    from: state-dc
    to: centre/server
    check: {probe: tcp, port: 445, interval: 15s}
    expect: blocked
""",
    "sites.yaml": """
sites:
  centre:
    tier: data-centre
    name_vi: Trung tâm
    targets: {router: 10.30.0.1, switch-1: 10.30.0.2, server: 10.30.0.30}
  north:
    tier: district
    parent: centre
    name_vi: Huyện Bắc
    targets: {router: 10.30.1.1, codec: "fd30::1:20"}
    uplink: {carrier: VNPT, capacity: 100M, interface: Gi0/0, parent_interface: Gi0/1}
  north-one:
    tier: commune
    parent: north
    name_vi: Xã Một
    targets: {router: 10.30.2.1}
    uplink: {carrier: VNPT, capacity: 20M}
  north-two:
    tier: commune
    parent: north
    name_vi: Xã Hai
    targets: {router: 10.30.3.1}
    uplink: {carrier: VNPT, capacity: 20M}
  south:
    tier: district
    parent: centre
    name_vi: Huyện Nam
    targets: {router: 10.30.4.1}
    uplink: {carrier: Viettel, capacity: 100M, interface: Gi0/0, parent_interface: Gi0/2}
links:
  south-second:
    a: {target: centre/router, interface: Gi0/3}
    b: {target: south/router, interface: Gi0/2}
    carrier: VNPT
    capacity: 50M
""",
}

V3 = """
  v3: {version: 3, user: netwatch, auth_key: auth, priv_key: priv}
"""


def write_province(directory: Path, *, v3: bool = False) -> Path:
    """The province as files; with `v3` the district in the south speaks SNMP v3."""
    directory.mkdir()
    for name, content in FILES.items():
        text = content
        if v3:
            wan = "  wan: {version: 2c, community: wan}\n"
            text = text.replace(wan, wan + V3.lstrip("\n"))
            text = text.replace("{router: 10.30.4.1}", "{router: {address: 10.30.4.1, snmp: v3}}")
        (directory / name).write_text(text, encoding="utf-8")
    return directory
