"""One file or folder a protocol: each turns a ``Check`` into a ``Result``.

A module of this package that has an attribute ``PROBE`` is a kind of probe; all others are shared
by several kinds.
"""

from __future__ import annotations

import importlib
import pkgutil

from netwatch.core.facts import Fact
from netwatch.core.params import ProbeParams
from netwatch.probes.base import ProbeKind
from netwatch.probes.declaration import declared, facts_of


def kinds() -> dict[str, ProbeKind]:
    """Every kind of probe, by its name.

    Raises:
        DeclarationError: one declares itself wrongly.
    """
    found: dict[str, ProbeKind] = {}
    for module_info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        if hasattr(module, "PROBE"):
            kind = declared(module_info.name, module.PROBE)
            found[kind.name] = kind
    return found


def schemas() -> dict[str, type[ProbeParams]]:
    """The schema of each kind's parameters, by which an inventory is read.

    Raises:
        DeclarationError: one declares itself wrongly.
    """
    return {name: kind.params for name, kind in kinds().items()}


def facts() -> tuple[Fact, ...]:
    """Every fact that some kind of probe may tell: the metrics that follow from results.

    Raises:
        DeclarationError: a kind declares itself wrongly, or two mean different things by one name.
    """
    return facts_of(kinds())
