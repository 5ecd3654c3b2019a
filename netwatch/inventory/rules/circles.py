"""Nothing is above itself, and nothing is reached through itself."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from netwatch.inventory.rules.view import View
from netwatch.inventory.yaml import Mistake

Graph = dict[str, set[str]]


def circles(view: View) -> Iterator[Mistake]:
    """Circles of parents, and circles of depends_on."""
    parents = {id_: {site.parent} for id_, site in view.inventory.sites.items() if site.parent}
    for circle in _circles(parents):
        message = f"parents make a circle: {' -> '.join(circle)}; change one of them"
        yield view.mistake(message, "sites", circle[0], "parent")
    for circle in _circles(_dependencies(view)):
        site_id, _, target_id = circle[0].partition("/")
        message = f"depends_on makes a circle: {' -> '.join(circle)}; change one of them"
        yield view.mistake(message, "sites", site_id, "targets", target_id, "depends_on")


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
    graph = dict(graph)
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            nodes = error.args[1][:0:-1]  # told from the end, with the first node twice
            start = nodes.index(min(nodes))
            yield [*nodes[start:], *nodes[: start + 1]]
            for node in nodes:
                del graph[node]
        else:
            return
