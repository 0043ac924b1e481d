"""What a query names, and which labels its answer has, by Prometheus' own parser (`/api/v1/parse_query`)."""

from collections.abc import Callable, Iterator
from typing import Any

Node = dict[str, Any]
Exported = Callable[[str], set[str]]
"""The labels that the series of a selector have; raises ``UnknownNameError`` if there are none."""
KEEPS_ALL = ("topk", "bottomk", "limitk", "limit_ratio")
SIGNS = {"=": "=", "!=": "!=", "=~": "=~", "!~": "!~"}


class UnknownNameError(Exception):
    """A query names what nobody exports."""


def selectors(node: Node) -> Iterator[str]:
    """Every one in the query, as it would be written by itself."""
    if node["type"] in ("vectorSelector", "matrixSelector"):
        yield selector(node)
    for child in _children(node):
        yield from selectors(child)


def selector(node: Node) -> str:
    matchers = [
        f"{one['name']}{SIGNS[one['type']]}{_quoted(one['value'])}"
        for one in node["matchers"]
        if one["name"] != "__name__"
    ]
    return f"{node['name']}{{{','.join(matchers)}}}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _children(node: Node) -> list[Node]:
    found = [node[key] for key in ("expr", "lhs", "rhs", "param") if isinstance(node.get(key), dict)]
    return [*found, *node.get("args", [])]


def labels(node: Node, exported: Exported) -> set[str]:
    """Of the answer. Raises ``UnknownNameError`` for a selector, a grouping or a matching by what is not there."""
    match node["type"]:
        case "vectorSelector" | "matrixSelector":
            return exported(selector(node))
        case "aggregation":
            return _aggregated(node, exported)
        case "binaryExpr":
            return _joined(node, exported)
        case "call":
            return _called(node, exported)
        case _:
            return set().union(*(labels(child, exported) for child in _children(node)))


def _aggregated(node: Node, exported: Exported) -> set[str]:
    within, grouping = labels(node["expr"], exported), set(node["grouping"])
    _known(grouping, within, f"{node['op']} by")
    if node["op"] in KEEPS_ALL:
        return within
    return within - grouping if node["without"] else grouping


def _joined(node: Node, exported: Exported) -> set[str]:
    left, right = labels(node["lhs"], exported), labels(node["rhs"], exported)
    matching = node.get("matching")
    if matching is None:  # a number on one side
        return left | right
    by = set(matching["labels"])
    _known(by, left, "on")
    _known(by if matching["on"] else set(), right, "on")
    if node["op"] == "or":
        return left | right
    if node["op"] in ("and", "unless"):
        return left
    if matching["card"] != "one-to-one":
        many, one = (left, right) if matching["card"] == "many-to-one" else (right, left)
        include = set(matching["include"])
        _known(include, one, "group")
        return many | include
    if node["op"] in ("==", "!=", ">", "<", ">=", "<=") and not node["bool"] and not matching["on"]:
        return left
    return left & by if matching["on"] else left - by


def _called(node: Node, exported: Exported) -> set[str]:
    name = node["func"]["name"]
    found = set().union(*(labels(child, exported) for child in node["args"]))
    if name in ("absent", "absent_over_time"):
        (of,) = node["args"]
        return {one["name"] for one in of.get("matchers", []) if one["type"] == "=" and one["name"] != "__name__"}
    if name == "histogram_quantile":
        _known({"le"}, found, name)
        return found - {"le"}
    if name == "label_replace":
        return found | {node["args"][1]["val"]}
    return found


def _known(named: set[str], there: set[str], where: str) -> None:
    if unknown := named - there:
        raise UnknownNameError(f"{where} ({', '.join(sorted(unknown))}): there are {', '.join(sorted(there))}")
