"""Floor 5: inventory, results and states as the metric families of docs/metrics.md."""
