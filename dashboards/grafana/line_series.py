"""Series of lines that the overview and the details of one line share."""

from __future__ import annotations

from dashboards.grafana.words import perhaps

UTILISATION = "link:netwatch_utilisation:ratio5m"
TRAFFIC = "link:netwatch_traffic_bits_per_second:rate5m"
PERCENTILE = "last_over_time(link:netwatch_traffic_bits_per_second:p95_30d{which}[2h])"
CAPACITY = "netwatch_link_capacity_bits_per_second"
ERRORS = "60 * (rate(ifInErrors[5m]) + rate(ifOutErrors[5m]))"
DISCARDS = "60 * (rate(ifInDiscards[5m]) + rate(ifOutDiscards[5m]))"
NO_LINES = perhaps("Danh mục chưa có đường truyền", "no lines in the inventory")
NO_INTERFACE = perhaps("Danh mục không ghi cổng của đường này", "no interface in the inventory")
