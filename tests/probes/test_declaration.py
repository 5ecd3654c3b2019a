"""What every kind of probe declares of itself, and what is said against a wrong declaration."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from netwatch import probes
from netwatch.core.facts import Fact
from netwatch.core.params import LoginParams, ProbeParams
from netwatch.core.traits import CredentialKind, Traits
from netwatch.probes.base import ProbeKind, StreamProbe
from netwatch.probes.declaration import DeclarationError, declared, facts_of
from netwatch.probes.guard import GuardedProbe, GuardedStreamProbe
from netwatch.probes.tcp import TcpParams, TcpProbe
from tests.harness.metrics_documentation import documented

OFFSET = Fact("netwatch_ntp_offset_seconds", "How far the server's clock is from ours.")
CHECK_LABELS = {"site", "target", "probe", "flow"}


class Unknown(ProbeParams):
    traits: ClassVar[Traits] = Traits(credential="password")  # type: ignore[arg-type]


class NoLogin(ProbeParams):
    traits: ClassVar[Traits] = Traits(credential=CredentialKind.LOGIN)


class Forgotten(LoginParams):
    traits: ClassVar[Traits] = Traits(alias_key="user")


def kind(**changes: Any) -> ProbeKind:
    values: dict[str, Any] = {
        "name": "ntp",
        "params": TcpParams,
        "probe": TcpProbe,
        "facts": (OFFSET,),
    }
    return ProbeKind(**(values | changes))


def test_a_sound_declaration_is_taken_as_it_is() -> None:
    probe = kind(name="time-of-day")
    assert declared("time_of_day", probe) is probe


@pytest.mark.parametrize(
    ("probe", "complaint"),
    [
        ("ntp", "PROBE is a str; make it a ProbeKind"),
        (kind(name="sntp"), "its name is 'sntp'; call it 'ntp', as the file is called"),
        (kind(params=dict), "params is no schema; derive it from ProbeParams"),
        (
            kind(params=Unknown),
            "unknown credential kind 'password'; use CredentialKind: snmp, login",
        ),
        (
            kind(params=NoLogin),
            "a probe that logs in has CredentialKind.LOGIN, and its params come of LoginParams",
        ),
        (kind(facts=(Fact("netwatch_ntp_x", " "),)), "fact netwatch_ntp_x has no help; say in one"),
        (kind(facts=(OFFSET, OFFSET)), f"fact {OFFSET.name} stands in its facts twice; remove one"),
        (kind(facts=(Fact("ntp_x", "x"),)), "fact 'ntp_x': write its name in small letters, with"),
        (
            kind(facts=(Fact("netwatch_ntp_x", "x", ("site",)),)),
            "fact netwatch_ntp_x: label site is taken; give another name",
        ),
        (
            kind(facts=(Fact("netwatch_ntp_x", "x", ("From",)),)),
            "fact netwatch_ntp_x: 'From' is no name of a label; use small letters",
        ),
    ],
)
def test_a_wrong_declaration_is_told_with_its_file_and_a_remedy(
    probe: object, complaint: str
) -> None:
    with pytest.raises(DeclarationError) as caught:
        declared("ntp", probe)
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"netwatch/probes/ntp: {complaint}")


def test_every_mistake_of_a_file_is_told() -> None:
    with pytest.raises(DeclarationError) as caught:
        declared("ntp", kind(name="x", params=Forgotten, facts=(Fact("netwatch_y", ""),)))
    assert len(str(caught.value).splitlines()) == 4


def test_two_kinds_mean_the_same_by_one_fact() -> None:
    other = kind(name="sntp", facts=(Fact(OFFSET.name, "Something else."),))
    assert facts_of({"ntp": kind(), "tcp": kind(name="tcp")}) == (OFFSET,)
    with pytest.raises(DeclarationError, match="ntp declares it otherwise; share its Fact"):
        facts_of({"ntp": kind(), "sntp": other})


def test_the_page_of_metrics_tells_every_fact_with_its_labels() -> None:
    told = documented()
    for fact in probes.facts():
        assert fact.name in told, f"{fact.name} lacks its line in docs/metrics.md"
        assert told[fact.name].type == "gauge"
        assert set(told[fact.name].labels) == CHECK_LABELS | set(fact.labels)


async def test_a_kind_makes_the_probe_that_its_traits_promise() -> None:
    for probe in probes.kinds().values():
        made = probe.create(lambda _: None)
        assert isinstance(made, GuardedProbe | GuardedStreamProbe)
        assert isinstance(made.inner, StreamProbe) == probe.params.traits.echo_stream


CALLS: dict[str, list[tuple[dict[str, Any], int | None]]] = {
    "api": [({"adapter": "bigbluebutton", "login": "bbb"}, 443)],
    "dns": [({"name": "a.test"}, None)],
    "h323": [({}, 1720), ({"port": 2720}, 2720), ({"service": "gatekeeper"}, None)],
    "http": [({"scheme": "http"}, 80), ({"scheme": "https"}, 443)],
    "icmp": [({}, None)],
    "remote-ping": [],  # its keys are those of a router
    "rtsp": [({}, 554), ({"port": 8554}, 8554)],
    "sip": [({}, None), ({"transport": "tcp"}, 5060), ({"transport": "tls"}, 5061)],
    "smtp": [({}, 25)],
    "snmp": [({}, None)],
    "stamp": [({}, None)],
    "stun": [({}, None), ({"transport": "tcp"}, 3478), ({"transport": "tls"}, 5349)],
    "tcp": [({"port": 22}, 22)],
    "tls": [({"name": "a.test"}, 443)],
}
"""By kind, keys and the TCP port that they call."""


def test_every_kind_is_asked_for_the_port_that_it_calls() -> None:
    assert CALLS.keys() == probes.kinds().keys()


@pytest.mark.parametrize("name", CALLS)
def test_a_probe_over_tcp_tells_the_port_that_a_firewall_judges_by(name: str) -> None:
    for keys, port in CALLS[name]:
        assert probes.kinds()[name].params.model_validate(keys).tcp_port == port
