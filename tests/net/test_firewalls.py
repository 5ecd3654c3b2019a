"""One truth: whatever speaks TCP says the same of the same firewall."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.core.result import Reason
from netwatch.flows.block import Block, block_of
from tests.harness.namespaces import told_by
from tests.net.firewalls import ADDRESS, FIREWALLS, ROUTER, TCP_PROBES, UDP_PROBES

ENDPOINTS = ("api", "sip", "h323", "rtsp", "stun", "turn")
"""Probes that say besides whether a meeting endpoint is reachable."""

SAID: dict[str, tuple[str, str, float | None, Block]] = {
    "admin-prohibited": ("prohibited", f"from {ADDRESS}", 0, Block.REJECT),
    "port-unreachable": ("prohibited", f"from {ADDRESS}", 0, Block.REJECT),
    "tcp-reset": ("refused", "Connection refused", 1, Block.REJECT),
    "drop": ("timeout", "", None, Block.DROP),
    "silent": ("silent", "", 1, Block.SILENT),
    "tarpit": ("tarpit", "a window of 0", 1, Block.TARPIT),
}
"""Reason, detail, endpoint_reachable, and how a flow is blocked."""


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, dict[str, Any]]]:
    return told_by("tests.net.firewalls")


@pytest.mark.parametrize("wall", FIREWALLS)
@pytest.mark.parametrize("name", TCP_PROBES)
def test_what_a_probe_says_of_a_firewall(
    answers: dict[str, dict[str, dict[str, Any]]], name: str, wall: str
) -> None:
    said = answers[name][wall]
    reason, detail, reachable, block = SAID[wall]
    if (name, wall) == ("h323", "silent"):  # it asks for a connection and for no word
        assert (said["outcome"], said["reachable"]) == ("success", 1)
        return
    if name == "dns over tcp":  # an answer over UDP came before, and proves that the way is open
        detail = f"truncated over UDP; TCP {reason} {detail}".removesuffix(
            " Connection refused"
        ).strip()
    assert (said["outcome"], said["reason"], said["detail"]) == ("failure", reason, detail)
    assert said["crossed"] is (name == "dns over tcp")
    assert block_of(Reason(said["reason"])) is block
    if name.startswith(ENDPOINTS):
        assert (said.get("reachable"), said["stack_alive"], said["ready"]) == (reachable, 0, 0)


SAID_OVER_UDP: dict[str, tuple[str, str, float]] = {
    "admin-prohibited": ("prohibited", f"from {ROUTER}", 0),
    "port-unreachable": ("prohibited", f"from {ROUTER}", 0),
    "nothing listens": ("refused", f"from {ADDRESS}", 1),
}
"""Reason, detail and endpoint_reachable: only the host itself can say that nothing listens."""


@pytest.mark.parametrize("wall", SAID_OVER_UDP)
@pytest.mark.parametrize("name", UDP_PROBES)
def test_what_a_probe_says_of_a_refusal_over_udp(
    answers: dict[str, dict[str, dict[str, Any]]], name: str, wall: str
) -> None:
    said = answers[f"{name} over udp"][wall]
    reason, detail, reachable = SAID_OVER_UDP[wall]
    assert (said["outcome"], said["reason"], said["detail"]) == ("failure", reason, detail)
    if name != "dns":
        assert (said["reachable"], said["stack_alive"], said["ready"]) == (reachable, 0, 0)
