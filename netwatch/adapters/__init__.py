"""Floor 1: what meeting systems say of themselves over HTTP, as data."""

from __future__ import annotations

from netwatch.adapters.adapter import Adapter, AdapterRule, Question
from netwatch.adapters.document import DocumentError, values_at
from netwatch.adapters.load import adapter_names, load_adapter

__all__ = [
    "Adapter",
    "AdapterRule",
    "DocumentError",
    "Question",
    "adapter_names",
    "load_adapter",
    "values_at",
]
