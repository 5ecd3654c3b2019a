"""A small sound inventory in files, and the tool to spoil it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from pydantic import Field, SecretStr

from netwatch.core.errors import ConfigError, Problem
from netwatch.core.params import LoginParams, PortParams, ProbeParams
from netwatch.core.traits import CredentialKind, Traits
from netwatch.inventory.load import load_inventory
from netwatch.inventory.model import Inventory


class IcmpParams(ProbeParams):
    traits = Traits(echo_stream=True)
    size: int = Field(default=56, ge=0, le=1400)


class SnmpParams(ProbeParams):
    traits = Traits(credential=CredentialKind.SNMP)
    profiles: tuple[str, ...] = ("system", "if_mib")


class CallParams(LoginParams):
    traits = Traits(credential=CredentialKind.LOGIN, alias_key="user")
    shortest_interval = 1.0
    user: str | None = None
    packets: int = 0

    @property
    def shortest_timeout(self) -> float:
        return self.packets * 0.02


class TcpParams(PortParams):
    """A probe of one port."""


class TlsParams(TcpParams):
    """Another probe of the same port."""


SCHEMAS: dict[str, type[ProbeParams]] = {
    "call": CallParams,
    "icmp": IcmpParams,
    "snmp": SnmpParams,
    "tcp": TcpParams,
    "tls": TlsParams,
}

BASE = """\
province: {name_vi: Tỉnh Hải Dương, name: Hai Duong province}
ranges: [10.16.0.0/12, "fd00::/8"]
tiers:
  centre: {name_vi: Trung tâm, name: Centre, rank: 0}
  commune: {name_vi: Cấp xã, name: Communes, rank: 3, kinds: {Xã: commune}}
networks:
  state: {name_vi: Mạng Nhà nước, name: State network}
credentials:
  wan: {version: 2c, community: wan-community}
  core: {version: 3, user: netwatch, auth_key: core-auth, priv_key: core-priv}
vantages:
  here: {site: centre, name_vi: Trung tâm}
classes:
  router:
    match: {roles: [router]}
    checks:
      - {probe: icmp, interval: 5s}
      - {probe: snmp, interval: 60s, timeout: 10s}
    snmp: wan
  codec:
    match: {roles: [codec]}
    checks:
      - {probe: icmp, interval: 10s}
      - {probe: tcp, port: 1720, interval: 30s, timeout: 3s}
"""

SITES = """\
sites:
  centre:
    tier: centre
    name_vi: Trung tâm dữ liệu
    name: Data centre
    targets:
      router: {address: 10.16.0.1, snmp: core}
  an-lam:
    tier: commune
    parent: centre
    name_vi: Xã An Lâm
    targets: {router: 10.22.1.1, codec: 10.22.1.20}
    uplink: {carrier: VNPT, contract: HD-1, capacity: 20M}
"""


class OpenSecrets:
    """A store that has what it was given."""

    def __init__(self, **secrets: str) -> None:
        self.secrets = {name.replace("_", "-"): value for name, value in secrets.items()}

    def get(self, name: str) -> SecretStr:
        if name not in self.secrets:
            raise ConfigError([Problem(f"secret {name}", "is missing; give it")])
        return SecretStr(self.secrets[name])


SECRETS = OpenSecrets(
    wan_community="w4n-community", core_auth="auth-password", core_priv="priv-password"
)


def write(directory: Path, **files: str) -> Path:
    for name, text in files.items():
        (directory / f"{name}.yaml").write_text(dedent(text), encoding="utf-8")
    return directory


def load(directory: Path, more: str = "", base: str = BASE, sites: str = SITES) -> Inventory:
    """Loads base.yaml, sites.yaml and, if given, more.yaml."""
    write(directory, base=base, sites=sites, **({"more": more} if more else {}))
    return load_inventory(directory, SCHEMAS)


def complaints(directory: Path, more: str = "", base: str = BASE, sites: str = SITES) -> list[str]:
    """What is said against such files, each with its place relative to the directory."""
    with pytest.raises(ConfigError) as caught:
        load(directory, more, base, sites)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.problems), "one line for each problem"
    return [line.replace(f"{directory}/", "") for line in lines]
