"""Values for many series, and the page that Prometheus reads."""

from netwatch.metrics.cells import Cell, HistogramCell, plain
from netwatch.metrics.family import BulkFamily, Family
from netwatch.metrics.registry import Registry
from netwatch.metrics.render import blocks, page, render
from netwatch.metrics.text import Kind, header, number, series

__all__ = [
    "BulkFamily",
    "Cell",
    "Family",
    "HistogramCell",
    "Kind",
    "Registry",
    "blocks",
    "header",
    "number",
    "page",
    "plain",
    "render",
    "series",
]
