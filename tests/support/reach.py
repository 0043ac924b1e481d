"""Who reaches whom, by the network policies of a cluster: read as Kubernetes reads them, not as we write them.

(Kubernetes, "Network Policies": a pod that no policy selects for a direction is open in it; policies add up.)
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Any

Policy = Mapping[str, Any]
Door = tuple[int, str]


@dataclass(frozen=True)
class Place:
    """A pod, or with no namespace whatever else has an address."""

    address: str
    namespace: str = ""
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)


def reaches(policies: Iterable[Policy], source: Place, target: Place, port: int, protocol: str = "TCP") -> bool:
    """Whether the source's policies let it out, and the target's let it in."""
    every = list(policies)
    door = (port, protocol)
    return _allows(every, source, target, "Egress", door) and _allows(every, target, source, "Ingress", door)


def _allows(policies: list[Policy], own: Place, other: Place, way: str, door: Door) -> bool:
    if not own.namespace:
        return True
    holding = [policy for policy in policies if _holds(policy, own, way)]
    return not holding or any(_opens(rule, way, other, door) for rule in _rules(holding, way))


def _holds(policy: Policy, place: Place, way: str) -> bool:
    spec = policy["spec"]
    types = spec.get("policyTypes", ["Ingress", *(["Egress"] if "egress" in spec else [])])
    same = policy["metadata"]["namespace"] == place.namespace
    return same and way in types and _selects(spec["podSelector"], place.labels)


def _rules(policies: list[Policy], way: str) -> Iterator[Mapping[str, Any]]:
    for policy in policies:
        yield from policy["spec"].get(way.lower(), [])


def _opens(rule: Mapping[str, Any], way: str, other: Place, door: Door) -> bool:
    peers = rule.get("from" if way == "Ingress" else "to")
    ports = rule.get("ports")
    fits = ports is None or any((one.get("port"), one.get("protocol", "TCP")) == door for one in ports)
    return fits and (peers is None or any(_is(peer, other) for peer in peers))


def _is(peer: Mapping[str, Any], place: Place) -> bool:
    if "ipBlock" in peer:
        assert "except" not in peer["ipBlock"], "not every version of the agent keeps to it"
        return IPv4Address(place.address) in IPv4Network(peer["ipBlock"]["cidr"])
    if not place.namespace:
        return False
    namespaces = peer.get("namespaceSelector")
    own = {"kubernetes.io/metadata.name": place.namespace}
    inside = place.namespace == OWN if namespaces is None else _selects(namespaces, own)
    return inside and _selects(peer.get("podSelector", {}), place.labels)


OWN = "dhakacart"
"""Without a selector of namespaces a peer is in the policy's own: those that have such peers are all the shop's."""


def _selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    assert not selector.keys() - {"matchLabels"}, "selectors of other kinds are not read here"
    return all(labels.get(name) == value for name, value in selector.get("matchLabels", {}).items())
