"""Which targets stand behind silent ones only, looked up from the target towards the vantage."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from netwatch.state.attachment import VANTAGE, Key
from netwatch.state.graph import Graph, Way


def open_ways(graph: Graph, key: Key, is_closed: Callable[[Key], bool]) -> list[Way]:
    """The last steps of the paths to a target on which nothing is closed; none if it is cut off.

    Args:
        graph: all paths.
        key: the target.
        is_closed: says of a target before it whether nothing passes it.
    """
    for group in graph.needed.get(key, ()):
        if not any(_is_reached(graph, each, is_closed) for each in group):
            return []
    return [
        way
        for way in graph.ways[key]
        if way.via == VANTAGE or _is_reached(graph, way.via, is_closed)
    ]


def only_behind(graph: Graph, key: Key) -> Iterator[Key]:
    """The targets right behind one that have no other way."""
    return (each for each in graph.behind[key] if all(way.via == key for way in graph.ways[each]))


def region_behind(graph: Graph, key: Key) -> list[Key]:
    """Everything that can stand behind a target, the nearest first."""
    found = dict.fromkeys(graph.behind[key])
    waiting = list(found)
    for each in waiting:
        for further in graph.behind[each]:
            if further not in found and further != key:
                found[further] = None
                waiting.append(further)
    return waiting


def _is_reached(graph: Graph, key: Key, is_closed: Callable[[Key], bool]) -> bool:
    """Whether a path leads to a target, and it and all on the path are open."""
    if is_closed(key):
        return False
    seen = {key}
    waiting = [key]
    while waiting:
        for way in graph.ways[waiting.pop()]:
            if way.via == VANTAGE:
                return True
            if way.via not in seen and not is_closed(way.via):
                seen.add(way.via)
                waiting.append(way.via)
    return False
