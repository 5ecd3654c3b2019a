"""The text that Prometheus reads, made without holding up the probes.

Formatting 100 000 series takes tens of milliseconds. It is done in slices, and between two of them
the event loop does its other work; so the values are of slightly different moments, but all lines
of one histogram are of the same one.
"""

from __future__ import annotations

import asyncio
from time import perf_counter

from prometheus_client import CollectorRegistry, generate_latest

from netwatch.metrics.registry import Registry

_SLICE = 0.003
"""Seconds of work after which the event loop gets its turn."""


async def render(registry: Registry) -> bytes:
    """All families in Prometheus text format 0.0.4, UTF-8."""
    parts: list[bytes] = []
    deadline = perf_counter() + _SLICE
    for family in registry.families():
        parts.append(family.header.encode())
        for step in family.steps():
            parts.append(step.encode())
            if perf_counter() >= deadline:
                await asyncio.sleep(0)
                deadline = perf_counter() + _SLICE
    return b"".join(parts)


async def page(registry: Registry, own: CollectorRegistry) -> bytes:
    """The whole page: the bulk of the series, then the program's own metrics."""
    return await render(registry) + generate_latest(own)
