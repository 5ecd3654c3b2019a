"""No site is its own ancestor, and no target depends on itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from netwatch.inventory.links import router_of
from netwatch.inventory.rules.view import View
from netwatch.inventory.yaml import Mistake

Graph = dict[str, set[str]]


def circles(view: View) -> Iterator[Mistake]:
    """Circles of parents, of depends_on, and of depends_on together with implied dependencies."""
    found = False
    parents = {id_: {site.parent} for id_, site in view.inventory.sites.items() if site.parent}
    for circle in _circles(parents):
        found = True
        message = f"parents make a circle: {' -> '.join(circle)}; change one of them"
        yield view.mistake(message, "sites", circle[0], "parent")
    written = _dependencies(view)
    for circle in _circles(written):
        found = True
        message = f"depends_on makes a circle: {' -> '.join(circle)}; change one of them"
        yield _mistake(view, circle[0], message)
    if found:
        return  # the rest would report the same again
    for circle in _circles(_with_implied(view, written)):
        guilty = next(a for a, b in pairwise(circle) if b in written.get(a, ()))
        message = (
            f"{guilty} depends on what is reached through it: {' -> '.join(circle)};"
            " change depends_on"
        )
        yield _mistake(view, guilty, message)


def _mistake(view: View, reference: str, message: str) -> Mistake:
    site_id, _, target_id = reference.partition("/")
    return view.mistake(message, "sites", site_id, "targets", target_id, "depends_on")


def _with_implied(view: View, written: Graph) -> Graph:
    """Dependencies with the implied ones: on the site's router, and of that on the parent's."""
    graph = {node: set(needs) for node, needs in written.items()}
    sites = view.inventory.sites
    for site_id, site in sites.items():
        router = router_of(site)
        if router is None:
            continue
        own = f"{site_id}/{router}"
        in_front = _reached(written, own)
        for target_id in site.targets:
            node = f"{site_id}/{target_id}"
            if node != own and node not in in_front:
                graph[node].add(own)
        parent = sites.get(site.parent) if site.parent else None
        above = router_of(parent) if parent else None
        if above is not None:
            graph[own].add(f"{site.parent}/{above}")
    return graph


def _reached(graph: Graph, start: str) -> set[str]:
    """All nodes that can be reached from ``start``."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for node in graph.get(waiting.pop(), set()) - found:
            found.add(node)
            waiting.append(node)
    return found


def _dependencies(view: View) -> Graph:
    graph: Graph = {}
    for site_id, _, target_id, target in view.inventory.targets():
        graph[f"{site_id}/{target_id}"] = {
            reference if "/" in reference else f"{site_id}/{reference}"
            for reference in target.depends_on
        }
    return graph


def _circles(graph: Graph) -> Iterator[list[str]]:
    """Circles that have no node in common, each from its first node in order back to it."""
    graph = _in_circles(graph)
    while graph:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            nodes = error.args[1][:0:-1]  # given from the end, with the first node twice
            start = nodes.index(min(nodes))
            yield [*nodes[start:], *nodes[: start + 1]]
            for node in nodes:
                del graph[node]
        else:
            return


def _in_circles(graph: Graph) -> Graph:
    """What is left when all is taken out that depends on nothing which is left: circles, and more.

    Nearly always that is nothing, which is known sooner than the first circle would be found.
    """
    waits = {node: len(needs) for node, needs in graph.items()}
    needed_by: dict[str, list[str]] = defaultdict(list)
    for node, needs in graph.items():
        for each in needs:
            needed_by[each].append(node)
    free = [each for each in {*graph, *needed_by} if not waits.get(each)]
    while free:
        each = free.pop()
        waits.pop(each, None)
        for node in needed_by[each]:
            waits[node] -= 1
            if not waits[node]:
                free.append(node)
    return {node: graph[node] & waits.keys() for node in waits}
