"""Keys of ``probe: snmp``."""

from __future__ import annotations

from pydantic import Field, field_validator

from netwatch.core.params import ProbeParams
from netwatch.snmp import profile_names


class SnmpParams(ProbeParams):
    """Keys of ``probe: snmp``.

    Attributes:
        port: UDP port of the agent.
        profiles: names of the files under ``netwatch/snmp/profiles`` that say what is read.
        max_repetitions: rows asked for in one GETBULK. An answer must fit 4 080 octets.
    """

    port: int = Field(default=161, ge=1, le=65535)
    profiles: tuple[str, ...] = Field(default=("system", "if_mib"), min_length=1, max_length=16)
    max_repetitions: int = Field(default=25, ge=1, le=100)

    @field_validator("profiles")
    @classmethod
    def _exist(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in names if name not in profile_names()]:
            known = ", ".join(profile_names())
            raise ValueError(f"no SNMP profile {unknown[0]!r}; use one of {known}")
        if len(set(names)) != len(names):
            raise ValueError("a profile is given twice; remove one")
        return names
