"""Inventory, results and states as the metric families of docs/metrics.md."""
