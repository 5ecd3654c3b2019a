"""The dashboards as the files that Grafana reads."""

from __future__ import annotations

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from dashboards.grafana.exchange import exchange
from dashboards.grafana.meetings import meetings
from dashboards.grafana.province import province
from dashboards.grafana.site import site
from dashboards.grafana.wan import wan


def files() -> dict[str, str]:
    """Content of each file by its name, which is the dashboard's uid."""
    encoder = JSONEncoder(sort_keys=True, indent=2, ensure_ascii=False)
    made = (province(), site(), wan(), exchange(), meetings())
    return {f"{dashboard.uid}.json": encoder.encode(dashboard) + "\n" for dashboard in made}
