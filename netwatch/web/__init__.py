"""What is served over HTTP: metrics, health, and the status page."""
