"""How meeting systems are asked over HTTP, and what their answers mean, as data."""

from __future__ import annotations

from netwatch.adapters.adapter import Adapter, AdapterRequest, AdapterRule
from netwatch.adapters.document import DocumentError, values_at
from netwatch.adapters.load import adapter_names, load_adapter

__all__ = [
    "Adapter",
    "AdapterRequest",
    "AdapterRule",
    "DocumentError",
    "adapter_names",
    "load_adapter",
    "values_at",
]
