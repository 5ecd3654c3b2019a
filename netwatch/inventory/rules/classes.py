"""Every target has one class, and every check is one that its probe can make."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from itertools import combinations

from pydantic import ValidationError

from netwatch.core.params import ProbeParams
from netwatch.inventory.checks import CheckSpec, Match
from netwatch.inventory.classes import matching_classes
from netwatch.inventory.explain import explain, suggest
from netwatch.inventory.model import Site, Target
from netwatch.inventory.plan import login_of, parameters, probe_label
from netwatch.inventory.rules.view import View
from netwatch.inventory.yaml import Mistake, TreePath


def class_for_each_target(view: View) -> Iterator[Mistake]:
    """Targets without a class, reported once for each role and tier."""
    if len(view.inventory.classes) < len(view.source.keys("classes")):
        return  # the missing one may be among those that are wrong themselves
    reported: set[tuple[str, str]] = set()
    for site_id, site, target_id, target in view.inventory.targets():
        kind = (target.role, site.tier)
        if kind in reported or _classes_of(view, site, target):
            continue
        reported.add(kind)
        yield view.mistake(
            f"no class matches role {target.role!r} of tier {site.tier!r};"
            " correct the role, or add it to the roles of a class",
            *("sites", site_id, "targets", target_id),
        )


def ambiguous_classes(view: View) -> Iterator[Mistake]:
    """Two classes that match the same targets equally well."""
    for (first_id, first), (second_id, second) in combinations(view.inventory.classes.items(), 2):
        if common := _common(first.match, second.match):
            place = view.source.place("classes", first_id)
            message = (
                f"class {second_id} matches {common}, and so does {first_id} ({place});"
                " take it out of one of them"
            )
            yield view.mistake(message, "classes", second_id, "match")


def checks(view: View) -> Iterator[Mistake]:
    """Checks of classes, flows and borders that the schemas of their probes refuse."""
    for class_id, its_class in view.inventory.classes.items():
        seen: dict[str, int] = {}
        for position, spec in enumerate(its_class.checks):
            path = ("classes", class_id, "checks", position)
            params = yield from _judge(view, spec, path)
            if params is None:
                continue
            label = probe_label(spec.probe, params)
            if label in seen:
                first = view.source.place("classes", class_id, "checks", seen[label])
                yield view.mistake(f"{label} is checked already ({first}); remove one", *path)
            seen.setdefault(label, position)
    for flow_id, flow in view.inventory.flows.items():
        yield from _judge(view, flow.check, ("flows", flow_id, "check"))
    for border_id, border in view.inventory.borders.items():
        for position, service in enumerate(border.services):
            place = ("borders", border_id, "services", position, "check")
            yield from _judge(view, service.check, place)


def credentials(view: View) -> Iterator[Mistake]:
    """Targets without a credential that a probe needs, reported once for each class."""
    reported: set[str] = set()
    for site_id, site, target_id, target in view.inventory.targets():
        for class_id in _classes_of(view, site, target):
            its_class = view.inventory.classes.get(class_id)
            if its_class is None or class_id in reported or target.snmp or its_class.snmp:
                continue
            if any(view.needs_credential(spec.probe) for spec in its_class.checks):
                reported.add(class_id)
                yield view.mistake(
                    f"class {class_id} has a check that needs a credential; write"
                    f" snmp: <credential> here or in class {class_id}",
                    *("sites", site_id, "targets", target_id),
                )


def _classes_of(view: View, site: Site, target: Target) -> list[str]:
    if target.check_class:
        return [target.check_class]
    return matching_classes(view.inventory, site.tier, target.role)


def _common(first: Match, second: Match) -> str:
    """The targets that two classes match equally well, in words; else empty."""
    roles = ", ".join(sorted({*first.roles} & {*second.roles}))
    tiers = ", ".join(sorted({*first.tiers} & {*second.tiers}))
    if not roles or ((first.tiers or second.tiers) and not tiers):
        return ""
    return f"role {roles} of tier {tiers}" if tiers else f"role {roles}"


def _judge(
    view: View, spec: CheckSpec, path: TreePath
) -> Generator[Mistake, None, ProbeParams | None]:
    """Yields the mistakes of a check; returns its parameters; None if they are refused."""
    if spec.probe not in view.schemas:
        message = f"unknown probe {spec.probe!r}; {suggest(spec.probe, view.schemas)}"
        yield view.mistake(message, *path, "probe")
        return None
    schema = view.schemas[spec.probe]
    if spec.interval < schema.shortest_interval:
        message = f"interval must be at least {schema.shortest_interval:g}s"
        yield view.mistake(f"probe {spec.probe}: {message}", *path, "interval")
    try:
        params = parameters(spec, view.schemas)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            place = (*path, *details["loc"])
            name = str(place[-1])
            message = explain(details, schema, name, CheckSpec.model_fields)
            yield view.mistake(f"probe {spec.probe}: {message}", *place)
        return None
    login = login_of(params)
    if login is not None and not view.source.has("logins", login):
        message = f"login {login!r} does not exist; {view.near(login, 'logins')}"
        yield view.mistake(message, *path, "login")
    if spec.timeout < params.shortest_timeout:
        message = f"takes {params.shortest_timeout:g}s and more; give it a timeout beyond that"
        yield view.mistake(f"probe {spec.probe}: {message}", *path)
    return params
