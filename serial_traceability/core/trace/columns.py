"""Where each box of a trace stands: its column, and which boxes are drawn as one."""

from collections import Counter, defaultdict, deque

from .graph import STAGES, Flow, Graph, Node

_INSIDE = STAGES.index("inside")


def assign_columns(graph: Graph) -> None:
    """Set the column of each node: rounds and stages in order, the inside by steps.

    Each stage of a round takes one column, the inside as many as its longest chain of
    places and documents; stages that nothing is in take none.
    """
    depths = _depths(graph)
    steps: dict[tuple[int, int], int] = {}
    for key, node in graph.nodes.items():
        slot = (node.round, node.stage)
        steps[slot] = max(steps.get(slot, 0), depths[key])
    first, column = {}, 0
    for slot in sorted(steps):
        first[slot] = column
        column += steps[slot] + 1
    for key, node in graph.nodes.items():
        node.column = first[node.round, node.stage] + depths[key]


def _depths(graph: Graph) -> dict[str, int]:
    """Return each node's distance from the start of its stage, 0 outside the inside.

    A node is passed once all that lead to it are. Where goods go to and fro between
    two places there is a circle in which each waits for another: the oldest is then
    passed as it is, so that the walk ends.
    """
    following = _inner_edges(graph)
    waiting = Counter(target for targets in following.values() for target in targets)
    depths = dict.fromkeys(graph.nodes, 0)
    left = dict.fromkeys(graph.nodes)
    ready = deque(key for key in left if not waiting[key])
    while left:
        key = ready.popleft() if ready else next(iter(left))
        if key not in left:
            continue
        del left[key]
        for target in following[key]:
            if target in left:
                depths[target] = max(depths[target], depths[key] + 1)
                waiting[target] -= 1
                if not waiting[target]:
                    ready.append(target)
    return depths


def _inner_edges(graph: Graph) -> dict[str, list[str]]:
    """Return the edges between places and documents of the inside of one round."""
    following = defaultdict(list)
    for source, target in graph.edges:
        start, end = graph.nodes[source], graph.nodes[target]
        inside = start.stage == end.stage == _INSIDE
        if inside and start.round == end.round and source != target:
            following[source].append(target)
    return following


def collapse(graph: Graph, per_column: int) -> Graph:
    """Return the graph with at most ``per_column`` boxes of a kind in each column.

    The boxes that least goes through are drawn as one, whose key begins with
    ``more:``, whose ``subject`` is empty and whose ``merged`` says how many they are.

    :param per_column: 1 or more.
    """
    weights = graph.weights()
    slots: dict[tuple, list[Node]] = defaultdict(list)
    for node in graph.nodes.values():
        slots[node.column, node.kind, node.round, node.stage].append(node)
    merged: dict[str, Node] = {}
    for (column, kind, round_, stage), nodes in slots.items():
        if len(nodes) <= per_column:
            continue
        nodes.sort(key=lambda node: -weights[node.key])
        rest = nodes[per_column - 1 :]
        key = f"more:{column}:{kind}:{stage}"
        box = Node(key, kind, round_, stage, None, column, len(rest))
        merged.update((node.key, box) for node in rest)
    return _redirect(graph, merged)


def _redirect(graph: Graph, merged: dict[str, Node]) -> Graph:
    nodes = {}
    for key, node in graph.nodes.items():
        box = merged.get(key, node)
        nodes[box.key] = box
    result = Graph(nodes)
    for (source, target), flow in graph.edges.items():
        ends = tuple(
            merged[key].key if key in merged else key for key in (source, target)
        )
        result.edges.setdefault(ends, Flow()).add(flow)
    return result
