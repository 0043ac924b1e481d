"""What stands of this stack, as the engine's own state has it: read once, before anything is registered.

Not the stack's outputs, which only a successful ``up`` renews, and no resource that would keep a first value: the state
is true after an ``up`` that failed half-way too, and empty once everything is gone. AWS is not asked.
"""

import asyncio
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto.resource_pb2 import ResourceInvokeRequest
from pulumi.runtime.settings import get_monitor

from dhakacart_infra.config.addresses import TIERS, Tier
from dhakacart_infra.config.standing import Standing

READ_STATE = "pulumi:pulumi:readStackResourceOutputs"
"""The engine's own function, which stack references are made of: resources by URN, with type and outputs."""
VPC, POD_BLOCK, SUBNET, CLUSTER, DATABASE = (
    "aws:ec2/vpc:Vpc",
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation",
    "aws:ec2/subnet:Subnet",
    "aws:eks/cluster:Cluster",
    "aws:rds/instance:Instance",
)
Outputs = Mapping[str, Any]


async def standing() -> Standing:
    """Nothing, in a stack that was never brought up."""
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    # Not by the SDK's own `invoke`: that would turn each reference among the outputs into a resource, by asking for one
    # that this run has not registered yet.
    arguments = Struct()
    arguments.update({"stackName": stack})
    request = ResourceInvokeRequest(tok=READ_STATE, args=arguments, acceptResources=False)
    monitor: Any = get_monitor()
    reply = MessageToDict(await asyncio.to_thread(monitor.Invoke, request))
    return read(reply.get("return", {}).get("outputs", {}).values())


def read(resources: Iterable[Outputs]) -> Standing:
    """From each resource's ``type`` and ``outputs``; one that was left half-made may lack any of these."""
    of: dict[str, list[Outputs]] = {VPC: [], POD_BLOCK: [], SUBNET: [], CLUSTER: [], DATABASE: []}
    for resource in resources:
        if resource["type"] in of:
            of[resource["type"]].append(resource["outputs"])
    nothing: Outputs = {}
    vpc, pods, cluster = (next(iter(of[kind]), nothing) for kind in (VPC, POD_BLOCK, CLUSTER))
    arn: list[str] = vpc.get("arn", ":::::").split(":")
    zones: dict[str, str] = {one.get("arn", "").rpartition("/")[2]: one["availabilityZone"] for one in of[SUBNET]}
    cluster_subnets: list[str] = cluster.get("vpcConfig", {}).get("subnetIds", [])
    # Replicas in the region follow the instance by its name; what it follows itself is in another, and has an ARN.
    sources: list[str] = [one.get("replicateSourceDb") or "" for one in of[DATABASE]]
    primaries = [source for source in sources if not source or source.startswith("arn:")]
    tiers: dict[str, Tier] = {tier: tier for tier in TIERS}
    return Standing(
        account_id=arn[4] or None,
        region=arn[3] or None,
        environment=vpc.get("tagsAll", {}).get("Environment"),
        vpc=_block(vpc),
        pod_block=_block(pods),
        subnets={
            (tiers[subnet["tags"]["Tier"]], subnet["availabilityZone"]): IPv4Network(subnet["cidrBlock"])
            for subnet in of[SUBNET]
        },
        control_plane=frozenset(zones[it] for it in cluster_subnets if it in zones),
        database=bool(primaries),
        database_source=next(iter(primaries), None) or None,
    )


def _block(outputs: Outputs) -> IPv4Network | None:
    return IPv4Network(outputs["cidrBlock"]) if "cidrBlock" in outputs else None
