"""Whose traps are heard, and who is named because nobody hears them."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from pydantic import SecretStr

from netwatch.core.credential import CommunityCredential
from netwatch.traps.senders import senders
from netwatch.traps.unknown_senders import MAX_BURST, MAX_TOLD, UnknownSenders
from tests.harness.builders import make_check

ONE, OTHER = (CommunityCredential(SecretStr(name)) for name in ("one", "other"))
ROUTER = make_check("snmp", site="nam-sach", target="router", address="10.0.0.1", credential=ONE)
WAN = make_check("icmp", site="nam-sach", target="wan", address="10.9.0.1")


def test_a_device_is_heard_by_the_other_addresses_of_its_site() -> None:
    found = senders([ROUTER, WAN])
    assert found["10.0.0.1"].checks == [ROUTER]
    assert found["10.9.0.1"].credential == ONE
    assert found["10.9.0.1"].checks == [WAN, ROUTER]


def test_another_site_has_no_part_in_it() -> None:
    elsewhere = replace(WAN, site="thanh-ha")
    assert senders([ROUTER, elsewhere]).keys() == {"10.0.0.1"}


def test_between_two_credentials_nobody_can_tell() -> None:
    switch = replace(ROUTER, target="switch", address="10.0.0.2", credential=OTHER)
    found = senders([ROUTER, switch, WAN])
    assert {address: sender.credential for address, sender in found.items()} == {
        "10.0.0.1": ONE,
        "10.0.0.2": OTHER,
    }


def test_checks_of_flows_are_not_run() -> None:
    assert senders([replace(ROUTER, flow="border")]) == {}


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_an_unknown_sender_is_named_once_with_what_to_do(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    unknown = UnknownSenders()
    for now in range(3):
        unknown.tell("10.9.0.9", now)
    (line,) = told(caplog)
    assert "sender=10.9.0.9" in line
    assert "trap source" in line
    unknown.forget()
    unknown.tell("10.9.0.9", 600.0)
    assert len(told(caplog)) == 2


def test_made_up_addresses_do_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    unknown = UnknownSenders()
    for number in range(100_000):
        unknown.tell(f"10.{number // 65536}.{number // 256 % 256}.{number % 256}", 0.0)
    assert len(told(caplog)) == MAX_BURST
    for number in range(2 * MAX_TOLD):
        unknown.tell(f"172.16.{number // 256}.{number % 256}", 60.0 * number)
    assert len(told(caplog)) <= MAX_TOLD
