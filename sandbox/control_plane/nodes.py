"""Nodes for kwok to play: those of EKS's node groups, and what Karpenter would start for a NodePool at its limit.

Their sizes are those of the smallest instances that the simulated groups and pools commonly have: nothing is looked up.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from ipaddress import ip_network
from itertools import islice
from typing import TYPE_CHECKING, Any

from sandbox.control_plane.api import Api
from sandbox.control_plane.instances import Instances
from sandbox.kubernetes.objects import Kind, name_of
from sandbox.kubernetes.plain import at, map_at, maps_at
from sandbox.providers.properties import Props
from sandbox.providers.provider import ResourceError

if TYPE_CHECKING:
    from sandbox.aws.record import Place

NODE = Kind(api_version="v1", kind="Node")
NODE_POOL = ("karpenter.sh", "NodePool")
POOL_LABEL = "karpenter.sh/nodepool"
VCPUS, MEMORY_GIB, MAX_PODS = 4, 15, 110
MOST_IN_POOL = 16
EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}
READY_SECONDS, POLL_SECONDS = 30, 0.1
POD_BLOCK = 24
"""Prefix of the block from which a node's pods have their addresses."""


@dataclass(frozen=True, kw_only=True)
class Node:
    name: str
    zone: str
    labels: Mapping[str, str]
    tags: Mapping[str, str]
    """Of its instance, by which EKS knows it for one of a group's."""
    taints: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


class Nodes:
    """Of the cluster that EKS has at a place."""

    def __init__(self, api: Api, place: "Place", cluster: Mapping[str, Any], lock: AbstractContextManager[Any]) -> None:
        self._api, self._place, self._cluster = api, place, cluster
        self._instances, self._lock = Instances(place, cluster), lock

    def of_groups(self) -> None:
        """Every node group has its desired size."""
        wanted = [node for group in self._groups() for node in self._of_group(group)]
        names = {node.name for node in wanted}
        for standing in self._api.list(NODE, labelSelector="eks.amazonaws.com/nodegroup"):
            if name_of(standing) not in names:
                self._remove(standing)
        self._add(wanted)

    def of_pool(self, pool: Props) -> None:
        limit = int(at(pool, "spec", "limits", "cpu") or VCPUS)
        spec = map_at(pool, "spec", "template", "spec")
        chosen = {one["key"]: one["values"][0] for _, one in maps_at(spec, "requirements") if one["operator"] == "In"}
        labels = {**map_at(pool, "spec", "template", "metadata", "labels"), **chosen, POOL_LABEL: name_of(pool)}
        zones = self._zones(self._cluster["resourcesVpcConfig"]["subnetIds"])
        count = min(MOST_IN_POOL, max(1, limit // VCPUS))
        self._add(
            [
                Node(
                    name=f"{name_of(pool)}-{number}",
                    zone=zones[number % len(zones)],
                    labels=labels,
                    tags={POOL_LABEL: name_of(pool)},
                    taints=[dict(taint) for _, taint in maps_at(spec, "taints")],
                )
                for number in range(count)
            ]
        )

    def without_pool(self, pool: str) -> None:
        for node in self._api.list(NODE, labelSelector=f"{POOL_LABEL}={pool}"):
            self._remove(node)

    def _remove(self, node: Props) -> None:
        self._api.delete(NODE, None, name_of(node))
        with self._lock:
            self._instances.stop(at(node, "spec", "providerID"))

    def _groups(self) -> list[dict[str, Any]]:
        from sandbox.aws.eks.common_recorded import NODE_GROUPS  # noqa: PLC0415 - loads moto

        shelf = self._place.shelf(NODE_GROUPS)
        return [group for key, group in sorted(shelf.items()) if key[0] == self._cluster["name"]]

    def _of_group(self, group: Mapping[str, Any]) -> Iterator[Node]:
        from sandbox.aws.eks.node_groups_recorded import group_tags  # noqa: PLC0415 - loads moto

        zones, name = self._zones(group["subnets"]), group["nodegroupName"]
        arch = "arm64" if "ARM" in group.get("amiType", "") else "amd64"
        own = {"eks.amazonaws.com/nodegroup": name, "kubernetes.io/arch": arch, "kubernetes.io/os": "linux"}
        taints = [
            {"key": one["key"], "value": one.get("value", ""), "effect": EFFECTS[one["effect"]]}
            for one in group.get("taints", [])
        ]
        for number in range(group["scalingConfig"]["desiredSize"]):
            labels = {**group.get("labels", {}), **own}
            zone = zones[number % len(zones)]
            yield Node(name=f"{name}-{number}", zone=zone, labels=labels, tags=group_tags(group), taints=taints)

    def _zones(self, subnets: list[str]) -> list[str]:
        ec2 = self._place.of("ec2")
        return sorted({ec2.get_subnet(subnet).availability_zone for subnet in subnets})

    def _add(self, nodes: list[Node]) -> None:
        with self._lock:  # of simulated AWS; and two pools at once would be given the same blocks
            standing = {name_of(node): at(node, "spec", "podCIDR") for node in self._api.list(NODE)}
            blocks = (block for block in self._pod_blocks() if block not in set(standing.values()))
            for node in nodes:
                if node.name not in standing:
                    pods = next(blocks)
                    value = _object(node, self._place.region, pods, self._instances.start(node.zone, pods, node.tags))
                    self._api.request("POST", self._api.path(NODE, None), value)
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while late := [name_of(node) for node in self._api.list(NODE) if not _is_ready(node)]:
            if time.monotonic() > end:
                raise ResourceError(
                    f"kwok does not make nodes ready: {', '.join(late)}. Its log stands beside the others"
                )
            time.sleep(POLL_SECONDS)

    def _pod_blocks(self) -> Iterator[str]:
        """Of the block that the cluster's VPC was given last: pods have one of their own, where there are two."""
        vpc = self._place.of("ec2").get_vpc(self._cluster["resourcesVpcConfig"]["vpcId"])
        *_, last = [one["cidr_block"] for one in vpc.cidr_block_association_set]
        # The first few addresses are AWS's, and the first nodes' own may lie there.
        return islice(map(str, ip_network(last).subnets(new_prefix=POD_BLOCK)), 1, None)


def _is_ready(node: Props) -> bool:
    return any(
        one.get("type") == "Ready" and one["status"] == "True" for _, one in maps_at(node, "status", "conditions")
    )


def _object(node: Node, region: str, pods: str, instance: str) -> Props:
    own = {
        "kubernetes.io/hostname": node.name,
        "topology.kubernetes.io/region": region,
        "topology.kubernetes.io/zone": node.zone,
    }
    size = {"cpu": str(VCPUS), "memory": f"{MEMORY_GIB}Gi", "pods": str(MAX_PODS)}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": node.name, "labels": {**node.labels, **own}},
        "spec": {"podCIDR": pods, "podCIDRs": [pods], "providerID": instance, "taints": node.taints},
        "status": {"allocatable": size, "capacity": size},
    }
