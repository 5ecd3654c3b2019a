"""Floor 1: values for many series, and the page that Prometheus reads."""

from netwatch.metrics.family import BulkFamily, Cell, Family, HistogramCell
from netwatch.metrics.registry import Registry
from netwatch.metrics.render import page, render
from netwatch.metrics.text import Kind, header, number, series

__all__ = [
    "BulkFamily",
    "Cell",
    "Family",
    "HistogramCell",
    "Kind",
    "Registry",
    "header",
    "number",
    "page",
    "render",
    "series",
]
