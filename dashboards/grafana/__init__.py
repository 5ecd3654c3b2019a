"""The dashboards of Grafana: Python that is read, and the JSON that it makes."""
