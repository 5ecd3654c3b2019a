"""Finds the neighbours of a node that are reached only through it, and so lead nowhere else."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)

Neighbours = dict[Node, list[tuple[Node, str | None]]]
"""Each node's neighbours, and the line to each; two lines to one neighbour are two entries."""


def only_through(
    neighbours: Mapping[Node, list[tuple[Node, str | None]]], root: Node
) -> set[tuple[Node, Node]]:
    """Pairs of a node and a neighbour that has no path to ``root`` but through that node.

    Depth-first search with low points (Hopcroft and Tarjan, 1973): what was first found from a node
    has a detour around it exactly when something found from there leads back above the node.
    """
    order: dict[Node, int] = {root: 0}
    low: dict[Node, int] = {root: 0}
    path: list[tuple[Node, Iterator[tuple[Node, str | None]]]] = [(root, iter(neighbours[root]))]
    depth = {root: 0}
    found_from: dict[tuple[Node, Node], Node] = {}
    while path:
        node, rest = path[-1]
        for other, _ in rest:
            if other not in order:
                order[other] = low[other] = len(order)
                depth[other] = len(path)
                found_from[node, other] = other
                path.append((other, iter(neighbours[other])))
                break
            if other in depth and depth[other] < depth[node]:
                low[node] = min(low[node], order[other])
                found_from[other, node] = path[depth[other] + 1][0]
        else:
            path.pop()
            del depth[node]
            if path:
                above = path[-1][0]
                low[above] = min(low[above], low[node])
    return {pair for pair, first in found_from.items() if low[first] >= order[pair[0]]}
