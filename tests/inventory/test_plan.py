"""From inventory to checks, and what is said about secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from netwatch.core.check import Check
from netwatch.core.credential import CommunityCredential, UserCredential
from netwatch.core.errors import ConfigError
from netwatch.inventory.plan import plan_checks
from tests.inventory.province import SCHEMAS, SECRETS, OpenSecrets, TcpParams, load

FLOWS = """\
vantages: {there: {site: an-lam, name_vi: An Lâm}}
flows:
  ours: {name_vi: F, from: here, to: an-lam/codec, expect: pass,
    check: {probe: tcp, port: 1720, interval: 15s, timeout: 3s}}
  theirs: {name_vi: F, from: there, to: centre/router, expect: blocked,
    check: {probe: icmp, interval: 15s}}
"""


def plan(directory: Path, more: str = "", vantage: str = "here") -> dict[str, Check]:
    checks = plan_checks(load(directory, more), SCHEMAS, SECRETS, vantage)
    by_id = {check.id: check for check in checks}
    assert len(by_id) == len(checks), "ids are unique"
    return by_id


def complaint(directory: Path, secrets: OpenSecrets, more: str = "") -> list[str]:
    with pytest.raises(ConfigError) as caught:
        plan_checks(load(directory, more), SCHEMAS, secrets, "here")
    return str(caught.value).splitlines()


def test_every_target_is_checked_as_its_class_says(tmp_path: Path) -> None:
    checks = plan(tmp_path)
    assert list(checks) == [
        "centre/router/icmp",
        "centre/router/snmp",
        "an-lam/router/icmp",
        "an-lam/router/snmp",
        "an-lam/codec/icmp",
        "an-lam/codec/tcp:1720",
    ]
    assert checks["an-lam/codec/tcp:1720"] == Check(
        site="an-lam",
        target="codec",
        kind="tcp",
        probe="tcp:1720",
        address="10.22.1.20",
        interval=30.0,
        timeout=3.0,
        params=TcpParams(port=1720),
    )


def test_credentials_come_from_the_target_or_else_its_class(tmp_path: Path) -> None:
    checks = plan(tmp_path)
    core = checks["centre/router/snmp"].credential
    assert isinstance(core, UserCredential)
    assert (core.user, core.auth_protocol, core.priv_protocol) == ("netwatch", "sha256", "aes128")
    assert core.auth_key.get_secret_value() == "auth-password"
    assert core.priv_key is not None
    assert core.priv_key.get_secret_value() == "priv-password"
    wan = checks["an-lam/router/snmp"].credential
    assert isinstance(wan, CommunityCredential)
    assert wan.community.get_secret_value() == "w4n-community"
    assert checks["an-lam/router/icmp"].credential is None


def test_a_login_is_filled_with_its_secret(tmp_path: Path) -> None:
    more = (
        "logins: {codecs: {user: netwatch, secret: wan-community}}\n"
        "classes: {x: {match: {roles: [x]},\n"
        "  checks: [{probe: call, interval: 9s, login: codecs}]}}\n"
        "sites: {x: {tier: commune, name_vi: X, targets: {x: 10.22.9.1}}}"
    )
    login = plan(tmp_path, more)["x/x/call"].login
    assert login is not None
    assert (login.user, login.secret.get_secret_value()) == ("netwatch", "w4n-community")
    assert "w4n" not in repr(login)
    missing = complaint(tmp_path, SECRETS, more.replace("wan-community", "codec"))
    assert missing == ["secret codec: is missing; give it; needed by login codecs of x/x"]


def test_a_class_that_names_tiers_goes_first(tmp_path: Path) -> None:
    more = "classes: {x: {match: {roles: [router], tiers: [commune]}, "
    checks = plan(tmp_path, more + "checks: [{probe: icmp, interval: 9s}]}}")
    assert checks["an-lam/router/icmp"].interval == 9.0
    assert checks["centre/router/icmp"].interval == 5.0
    assert "an-lam/router/snmp" not in checks


def test_a_target_may_name_its_class(tmp_path: Path) -> None:
    more = "sites: {x: {tier: commune, name_vi: X, targets: {webcam: "
    checks = plan(tmp_path, more + "{address: 10.22.9.1, class: codec}}}}")
    assert "x/webcam/tcp:1720" in checks


def test_a_probe_gets_the_alias_of_its_target(tmp_path: Path) -> None:
    more = (
        "classes: {x: {match: {roles: [x]}, checks: [{probe: call, interval: 9s}]}}\n"
        "sites: {x: {tier: commune, name_vi: X, targets: {x: {address: 10.22.9.1, alias: '8001'}}}}"
    )
    assert plan(tmp_path, more)["x/x/call"].params.model_dump()["user"] == "8001"


def test_a_collector_measures_the_flows_of_its_own_vantage(tmp_path: Path) -> None:
    flows = {id_: check.flow for id_, check in plan(tmp_path, FLOWS).items() if check.flow}
    assert flows == {"an-lam/codec/tcp:1720@ours": "ours"}
    flows = {id_: check.flow for id_, check in plan(tmp_path, FLOWS, "there").items() if check.flow}
    assert flows == {"centre/router/icmp@theirs": "theirs"}


def test_the_vantage_must_be_known(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        plan(tmp_path, vantage="her")
    assert (
        str(caught.value) == "vantage: 'her' is no place of a collector; set one of vantages: here"
    )


def test_every_missing_secret_is_reported_with_who_needs_it(tmp_path: Path) -> None:
    found = complaint(tmp_path, OpenSecrets(core_priv="priv-password"))
    assert found == [
        "secret core-auth: is missing; give it; needed by credential core of centre/router",
        "secret wan-community: is missing; give it; needed by credential wan of an-lam/router",
    ]


def test_a_secret_that_nobody_needs_may_be_missing(tmp_path: Path) -> None:
    assert plan(tmp_path, "credentials: {spare: {version: 2c, community: spare}}")


def test_many_users_are_counted(tmp_path: Path) -> None:
    more = "sites:\n" + "".join(
        f"  x{n}: {{tier: commune, name_vi: X, targets: {{router: 10.22.9.{n}}}}}\n"
        for n in range(1, 10)
    )
    (line,) = complaint(tmp_path, OpenSecrets(core_auth="12345678", core_priv="12345678"), more)
    assert line.endswith("needed by credential wan of x1/router, x2/router and 8 more")


@pytest.mark.parametrize("community", ["public", "PRIVATE"])
def test_a_community_that_everyone_knows_is_refused(tmp_path: Path, community: str) -> None:
    secrets = OpenSecrets(wan_community=community, core_auth="12345678", core_priv="12345678")
    (line,) = complaint(tmp_path, secrets)
    assert line.startswith("secret wan-community: is a community that everyone knows; set another")
    assert community not in line.partition("; needed")[0].split()


def test_a_short_key_is_refused_and_not_shown(tmp_path: Path) -> None:
    found = complaint(tmp_path, OpenSecrets(wan_community="x", core_auth="1234567", core_priv=""))
    assert [line.partition(";")[0] for line in found] == [
        "secret core-auth: is shorter than 8 characters",
        "secret core-priv: is shorter than 8 characters",
    ]
    assert "1234567" not in "".join(found)


def test_no_secret_is_in_the_text_of_a_check(tmp_path: Path) -> None:
    text = repr(plan(tmp_path))
    assert not [secret for secret in SECRETS.secrets.values() if secret in text]


def test_a_legacy_user_has_no_privacy(tmp_path: Path) -> None:
    more = """\
    credentials: {old: {version: 3, user: u, auth_key: core-auth, auth_protocol: md5,
      priv_protocol: none, legacy: true}}
    sites: {x: {tier: commune, name_vi: X, targets: {router: {address: 10.22.9.1, snmp: old}}}}
    """
    credential = plan(tmp_path, more)["x/router/snmp"].credential
    assert isinstance(credential, UserCredential)
    assert credential.auth_protocol == "md5"
    assert credential.priv_protocol is None
    assert credential.priv_key is None
