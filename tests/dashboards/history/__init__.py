"""A scripted history of a province, as a real Prometheus would have scraped it."""
