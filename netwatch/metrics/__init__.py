"""Floor 1: values for many series, and the page that Prometheus reads."""

from netwatch.metrics.family import Cell, Family, HistogramCell
from netwatch.metrics.registry import Registry
from netwatch.metrics.render import page, render

__all__ = ["Cell", "Family", "HistogramCell", "Registry", "page", "render"]
