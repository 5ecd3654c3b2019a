"""Which profiles are read of a device: the base layer, and those made for its kind."""

from __future__ import annotations

from collections.abc import Iterable

from netwatch.snmp.load import load_profile, profile_names

AUTO = "auto"
"""In place of a profile's name: all profiles that fit the device."""

_FIRST = ("if_mib", "system")
"""Profiles that are read before all others, in case there is no time for all."""

OBJECT_ID = "1.3.6.1.2.1.1.2.0"
"""sysObjectID.0: the maker's identifier of the kind of device (RFC 3418)."""


def profiles_for(chosen: Iterable[str], object_id: str | None) -> tuple[str, ...]:
    """Names of the profiles to read, each once.

    Args:
        chosen: names of profiles, or AUTO.
        object_id: the device's sysObjectID; None when it has none, or before it was asked.
    """
    names: dict[str, None] = {}
    for name in chosen:
        names.update(dict.fromkeys(fitting(object_id) if name == AUTO else (name,)))
    return tuple(names)


def fitting(object_id: str | None) -> tuple[str, ...]:
    """Names of the base layer and of the profiles for this kind of device, in this order."""
    base: list[str] = []
    special: list[str] = []
    for name in profile_names():
        profile = load_profile(name)
        devices = profile.devices
        if profile.by_name:
            continue
        if not devices:
            base.append(name)
        elif object_id is not None and any(_is_below(object_id, root) for root in devices):
            special.append(name)
    base.sort(key=lambda name: (name not in _FIRST, name))
    return (*base, *special)


def _is_below(oid: str, root: str) -> bool:
    return f"{oid}.".startswith(f"{root}.")
