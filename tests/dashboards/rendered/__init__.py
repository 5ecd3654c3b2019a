"""The dashboards as Grafana's own front end draws them, on a Prometheus with a scripted history."""
