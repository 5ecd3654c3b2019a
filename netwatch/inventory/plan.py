"""Turns the inventory into checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from netwatch.core.check import Check, Router
from netwatch.core.credential import Credential, UserCredential
from netwatch.core.errors import ConfigError, Problem
from netwatch.core.login import Login
from netwatch.core.params import LoginParams, ProbeParams, RouterParams
from netwatch.core.traits import CredentialKind
from netwatch.inventory.checks import CheckSpec
from netwatch.inventory.classes import check_class
from netwatch.inventory.credentials import Secrets, credential_id, resolve, resolve_login
from netwatch.inventory.flows import Vantage
from netwatch.inventory.model import Inventory, Site, Target

T = TypeVar("T")
P = TypeVar("P", bound=ProbeParams)


def plan_checks(
    inventory: Inventory,
    schemas: Mapping[str, type[ProbeParams]],
    secrets: Secrets,
    vantage: str,
) -> tuple[Check, ...]:
    """Every check that a collector at ``vantage`` makes: of all targets, and of its own flows.

    Args:
        inventory: a sound inventory, as ``load_inventory`` gives it.
        schemas: kinds of probe, each with the schema of its parameters.
        secrets: where the secrets are kept.
        vantage: id of the place where this collector stands.

    Raises:
        ConfigError: the vantage is unknown, or secrets are missing or may not be used.
    """
    problems = []
    collectors = [name for name, each in inventory.vantages.items() if each.asked is None]
    if vantage not in collectors:
        known = ", ".join(sorted(collectors)) or "none"
        message = f"{vantage!r} is no place of a collector; set one of vantages: {known}"
        problems.append(Problem("vantage", message))
    planner = _Planner(inventory, schemas, secrets)
    checks = (*planner.target_checks(), *planner.flow_checks(vantage))
    problems += planner.problems()
    if problems:
        raise ConfigError(problems)
    return checks


def plan_targets(
    inventory: Inventory, schemas: Mapping[str, type[ProbeParams]], secrets: Secrets
) -> tuple[Check, ...]:
    """The checks of an inventory's targets alone.

    Raises:
        ConfigError: secrets are missing or may not be used.
    """
    planner = _Planner(inventory, schemas, secrets)
    checks = tuple(planner.target_checks())
    if planner.refused:
        raise ConfigError(planner.problems())
    return checks


def probe_label(kind: str, params: ProbeParams) -> str:
    """The value of the ``probe`` label: ``icmp``, ``tcp:1720``."""
    return f"{kind}:{params.qualifier}" if params.qualifier else kind


def with_alias(params: P, alias: str | None) -> P:
    """The parameters for a target that a meeting system knows by ``alias``.

    It fills the key that the probe's traits name, where the check leaves that empty.
    """
    key = params.traits.alias_key
    if key is None or alias is None or getattr(params, key):
        return params
    return params.model_copy(update={key: alias})


def login_of(params: ProbeParams) -> str | None:
    """Id of the login that a check uses; None where it uses none."""
    return params.login if isinstance(params, LoginParams) else None


def parameters(spec: CheckSpec, schemas: Mapping[str, type[ProbeParams]]) -> ProbeParams:
    """The keys of a check that belong to its probe.

    Raises:
        pydantic.ValidationError: the probe's schema refuses them.
    """
    return schemas[spec.probe].model_validate(spec.model_extra)


@dataclass(slots=True)
class _Planner:
    inventory: Inventory
    schemas: Mapping[str, type[ProbeParams]]
    secrets: Secrets
    credentials: dict[str, Credential] = field(default_factory=dict)
    logins: dict[str, Login] = field(default_factory=dict)
    refused: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    users: dict[str, list[str]] = field(default_factory=dict)
    params: dict[int, ProbeParams] = field(default_factory=dict)

    def target_checks(self) -> Iterator[Check]:
        for site_id, site, target_id, target in self.inventory.targets():
            for spec in check_class(self.inventory, site, target).checks:
                yield self._check(site_id, site, target_id, target, spec)

    def flow_checks(self, vantage: str) -> Iterator[Check]:
        for flow_id, flow in self.inventory.flows.items():
            place = self.inventory.vantages[flow.vantage]
            if vantage not in {flow.vantage, place.asked_by}:
                continue
            site_id, _, target_id = flow.to.partition("/")
            site = self.inventory.sites[site_id]
            target = site.targets[target_id]
            check = self._check(site_id, site, target_id, target, flow.check, flow_id)
            yield check if place.asked is None else self._by_router(check, flow_id, place)

    def _by_router(self, check: Check, flow_id: str, place: Vantage) -> Check:
        """The same, measured by a router that we only ask."""
        site, name = self.inventory.sites[place.site], place.asked or ""
        target = site.targets[place.router or ""]
        credential = self._credential(credential_id(self.inventory, site, target), name)
        writer = self._credential(place.writes, name)
        asker, params = place.asked_by or "", check.params
        return replace(
            check,
            via=Router(
                target.address, asker, writer if isinstance(writer, UserCredential) else None
            ),
            credential=credential,
            params=params.owned(asker, flow_id) if isinstance(params, RouterParams) else params,
        )

    def _check(  # noqa: PLR0913, PLR0917 (a check is made of all of these)
        self,
        site_id: str,
        site: Site,
        target_id: str,
        target: Target,
        spec: CheckSpec,
        flow: str | None = None,
    ) -> Check:
        params = with_alias(self._params(spec), target.alias)
        credential = None
        if params.traits.credential is CredentialKind.SNMP:
            name = credential_id(self.inventory, site, target)
            credential = self._credential(name, f"{site_id}/{target_id}")
        return Check(
            site=site_id,
            target=target_id,
            kind=spec.probe,
            probe=probe_label(spec.probe, params),
            address=target.address,
            interval=spec.interval,
            timeout=spec.timeout,
            params=params,
            credential=credential,
            flow=flow,
            login=self._login(login_of(params), f"{site_id}/{target_id}"),
        )

    def _params(self, spec: CheckSpec) -> ProbeParams:
        """The same object for all checks that the same lines of the inventory ask for."""
        if id(spec) not in self.params:
            self.params[id(spec)] = parameters(spec, self.schemas)
        return self.params[id(spec)]

    def _credential(self, name: str | None, user: str) -> Credential | None:
        if name is None:
            return None
        spec = self.inventory.credentials[name]
        resolved = partial(resolve, spec, self.secrets)
        return self._resolved(f"credential {name}", user, self.credentials, resolved)

    def _login(self, name: str | None, user: str) -> Login | None:
        if name is None:
            return None
        resolved = partial(resolve_login, self.inventory.logins[name], self.secrets)
        return self._resolved(f"login {name}", user, self.logins, resolved)

    def _resolved(
        self, name: str, user: str, known: dict[str, T], resolved: Callable[[], T]
    ) -> T | None:
        """What has this name, its secrets filled in once; None when they are refused."""
        self.users.setdefault(name, []).append(user)
        if name not in known and name not in self.refused:
            try:
                known[name] = resolved()
            except ConfigError as error:
                self.refused[name] = error.problems
        return known.get(name)

    def problems(self) -> list[Problem]:
        """What the secret store said, and who needs the secret."""
        return [
            Problem(problem.place, f"{problem.message}; needed by {name} of {_few(users)}")
            for name, users in self.users.items()
            for problem in self.refused.get(name, ())
        ]


def _few(users: list[str]) -> str:
    more = f" and {len(users) - 2} more" if len(users) > 2 else ""
    return ", ".join(users[:2]) + more
