"""A bridge from Alertmanager to people: Zalo, and gateways of short messages."""
