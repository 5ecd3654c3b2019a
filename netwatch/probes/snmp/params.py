"""Keys of ``probe: snmp``."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from netwatch.core.params import ProbeParams
from netwatch.core.traits import CredentialKind, Traits
from netwatch.snmp import profile_names
from netwatch.snmp.identify import AUTO


class SnmpParams(ProbeParams):
    """Keys of ``probe: snmp``.

    Attributes:
        port: UDP port of the agent.
        profiles: names of the files under ``netwatch/snmp/profiles`` that say what is read;
            ``auto`` for those that fit the device.
        max_repetitions: rows asked for in one GETBULK, at the most; as many as an answer of one
            Ethernet frame holds. An answer must fit 4 080 octets; what a device can't answer is
            asked for in smaller parts.
        max_series: series that a device may have; rows beyond are left out. A stack of eight
            switches has some 13 000.
        interfaces: ``all``, or ``physical`` to leave out loopbacks, VLANs, tunnels and the like.
        uplinks: regular expression; interfaces whose name, description or alias it is found in
            are shown in any case, and before all others when there are too many.
    """

    traits: ClassVar[Traits] = Traits(reads_interfaces=True, credential=CredentialKind.SNMP)

    port: int = Field(default=161, ge=1, le=65535)
    profiles: tuple[str, ...] = Field(default=(AUTO,), min_length=1, max_length=16)
    max_repetitions: int = Field(default=64, ge=1, le=100)
    max_series: int = Field(default=20_000, ge=1, le=1_000_000)
    interfaces: Literal["all", "physical"] = "all"
    uplinks: str = Field(default="", max_length=256)

    @field_validator("uplinks")
    @classmethod
    def _is_an_expression(cls, text: str) -> str:
        try:
            re.compile(text)
        except re.error as error:
            raise ValueError(f"{text!r} is not a regular expression: {error}") from None
        return text

    @field_validator("profiles")
    @classmethod
    def _exist(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        allowed = (AUTO, *profile_names())
        if unknown := [name for name in names if name not in allowed]:
            known = ", ".join(allowed)
            raise ValueError(f"no SNMP profile {unknown[0]!r}; use one of {known}")
        if len(set(names)) != len(names):
            raise ValueError("a profile is given twice; remove one")
        return names
