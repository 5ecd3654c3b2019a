"""Floor 5: what is served over HTTP: metrics, health, and the status page."""
