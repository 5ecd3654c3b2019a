"""One file a protocol. Each turns a Check into a Result."""

from __future__ import annotations

import importlib
import pkgutil

from netwatch.probes.base import ProbeKind


def kinds() -> dict[str, ProbeKind]:
    """Every kind of probe, found by its file's attribute ``PROBE``."""
    found: dict[str, ProbeKind] = {}
    for module_info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        kind = getattr(module, "PROBE", None)
        if isinstance(kind, ProbeKind):
            found[kind.name] = kind
    return found
