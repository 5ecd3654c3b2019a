"""Whether a probe declares itself as a whole: what is missing or wrong, told in one line each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from netwatch.core.errors import NetwatchError
from netwatch.core.facts import Fact
from netwatch.core.params import LoginParams, ProbeParams
from netwatch.core.traits import CredentialKind
from netwatch.probes.base import ProbeKind

_FACT_NAME = re.compile(r"netwatch_[a-z][a-z0-9_]*")
_LABEL_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN_LABELS = {"site", "target", "probe", "flow", "instance", "job"}
"""What every fact is shown with, and what Prometheus adds."""


class DeclarationError(NetwatchError):
    """A file under ``netwatch/probes`` declares its probe wrongly; one line for each mistake."""


def declared(module: str, probe: object) -> ProbeKind:
    """The kind of probe that a module shows as ``PROBE``.

    Args:
        module: name of the file or folder under ``netwatch/probes``, without ``.py``.
        probe: its attribute ``PROBE``.

    Raises:
        DeclarationError: the declaration is wrong.
    """
    if not isinstance(probe, ProbeKind):
        raise _refused(module, [f"PROBE is a {type(probe).__name__}; make it a ProbeKind"])
    mistakes = [*_of_kind(module, probe), *_of_facts(probe.facts)]
    if mistakes:
        raise _refused(module, mistakes)
    return probe


def facts_of(kinds: Mapping[str, ProbeKind]) -> tuple[Fact, ...]:
    """All facts that these kinds may tell, each once.

    Raises:
        DeclarationError: two kinds mean different things by one name.
    """
    found: dict[str, tuple[str, Fact]] = {}
    for kind in kinds.values():
        for fact in kind.facts:
            owner, known = found.setdefault(fact.name, (kind.name, fact))
            if known != fact:
                remedy = f"{owner} declares it otherwise; share its Fact, or give another name"
                raise _refused(kind.name.replace("-", "_"), [f"fact {fact.name}: {remedy}"])
    return tuple(fact for _, fact in found.values())


def _of_kind(module: str, kind: ProbeKind) -> Iterator[str]:
    wanted = module.replace("_", "-")
    if kind.name != wanted:
        yield f"its name is {kind.name!r}; call it {wanted!r}, as the file is called"
    schema: object = kind.params  # a file that mypy hasn't seen may say anything
    if not (isinstance(schema, type) and issubclass(schema, ProbeParams)):
        yield "params is no schema; derive it from ProbeParams"
        return
    traits = schema.traits
    credential: object = traits.credential
    if credential is not None and not isinstance(credential, CredentialKind):
        known = ", ".join(CredentialKind)
        yield f"unknown credential kind {credential!r}; use CredentialKind: {known}"
    if (credential is CredentialKind.LOGIN) != issubclass(schema, LoginParams):
        yield "a probe that logs in has CredentialKind.LOGIN, and its params come of LoginParams"
    if traits.alias_key is not None and traits.alias_key not in schema.model_fields:
        yield f"alias_key {traits.alias_key!r} is no key of its params; name one of them"


def _of_facts(facts: Iterable[Fact]) -> Iterator[str]:
    seen: set[str] = set()
    for fact in facts:
        if not _FACT_NAME.fullmatch(fact.name):
            yield f"fact {fact.name!r}: write its name in small letters, with netwatch_ before"
        if fact.name in seen:
            yield f"fact {fact.name} stands in its facts twice; remove one"
        if not fact.help.strip():
            yield f"fact {fact.name} has no help; say in one sentence what its value means"
        for label in fact.labels:
            if not _LABEL_NAME.fullmatch(label):
                yield f"fact {fact.name}: {label!r} is no name of a label; use small letters"
            elif label in _TAKEN_LABELS or fact.labels.count(label) > 1:
                yield f"fact {fact.name}: label {label} is taken; give another name"
        seen.add(fact.name)


def _refused(module: str, mistakes: Iterable[str]) -> DeclarationError:
    return DeclarationError("\n".join(f"netwatch/probes/{module}: {each}" for each in mistakes))
