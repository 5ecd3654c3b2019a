"""What is different between two web configurations; never a password, and no hash of one."""

from __future__ import annotations

from typing import Any

from netwatch.web.config.load import WebConfig


def web_changes(before: WebConfig, after: WebConfig) -> dict[str, Any]:
    """Users and roles that were added, removed or changed, and what else is different."""
    old, new = before.users, after.users
    found = {
        "users_added": sorted(new.keys() - old.keys()),
        "users_removed": sorted(old.keys() - new.keys()),
        "passwords_changed": sorted(u for u in old.keys() & new.keys() if old[u] != new[u]),
        "may_act_added": sorted(after.act_users - before.act_users),
        "may_act_removed": sorted(before.act_users - after.act_users),
        "headers_changed": sorted(
            name
            for name in before.headers.keys() | after.headers.keys()
            if before.headers.get(name) != after.headers.get(name)
        ),
    }
    told: dict[str, Any] = {name: names for name, names in found.items() if names}
    if (before.tls is None) != (after.tls is None):
        told["tls"] = "on" if after.tls else "off"
    elif after.tls is not None:
        told["tls"] = "read anew"
    if before.rate != after.rate:
        told["rate_limit"] = "changed"
    if before.allowed_sans != after.allowed_sans:
        told["client_allowed_sans"] = "changed"
    return told
