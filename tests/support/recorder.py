"""The whole program on mocked providers: what it registers, in a second and without an engine."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import pulumi
from pulumi.runtime import mocks, resource, rpc, settings
from pulumi.runtime.proto import source_pb2

PROOF = {"resourceRecordName": "_x.shop.example", "resourceRecordType": "CNAME", "resourceRecordValue": "_y.aws"}
COMPUTED: Mapping[str, Callable[[str, dict[str, Any]], dict[str, Any]]] = {
    "aws:acm/certificate:Certificate": lambda name, inputs: {"domainValidationOptions": [PROOF]},
    "aws:cloudfront/distribution:Distribution": lambda name, inputs: {"domainName": "d111111abcdef8.cloudfront.net"},
    "aws:ecr/repository:Repository": lambda name, inputs: {"repositoryUrl": f"registry.example/{inputs['name']}"},
    "aws:elasticache/replicationGroup:ReplicationGroup": lambda name, inputs: {
        "configurationEndpointAddress": "redis.example"
    },
    "aws:rds/instance:Instance": lambda name, inputs: {"address": f"{inputs['identifier']}.example"},
    "aws:rds/proxy:Proxy": lambda name, inputs: {"endpoint": "proxy.example"},
    "aws:route53/zone:Zone": lambda name, inputs: {"zoneId": f"Z{name}"},
    "aws:secretsmanager/secretVersion:SecretVersion": lambda name, inputs: {"secretArn": f"arn:of:{name}"},
    "kubernetes:networking.k8s.io/v1:Ingress": lambda name, inputs: {
        "status": {"loadBalancer": {"ingress": [{"hostname": "balancer.example"}]}}
    },
}
"""What AWS or a controller adds to some types, by name and inputs."""


@dataclass
class Registered:
    """One resource as the program asked for it."""

    type: str
    name: str
    inputs: dict[str, Any]
    provider: str = ""
    """Of the instance that makes it, ``urn::id``."""


@dataclass
class Recorder(mocks.Mocks):
    """Answers every registration with its inputs and an id that tells its name."""

    resources: list[Registered] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        inputs = dict(args.inputs)
        self.resources.append(Registered(type=args.typ, name=args.name, inputs=inputs, provider=args.provider or ""))
        outputs = {"name": args.name, **inputs, "arn": f"arn:of:{args.name}"}
        if args.typ == "eks:index:Cluster":
            outputs |= self._control_plane(args.name, inputs)
        outputs |= COMPUTED.get(args.typ, lambda name, inputs: {})(args.name, inputs)
        if args.typ.startswith("random:index/"):
            outputs |= {"result": f"made-for-{args.name}", "hex": args.name.encode().hex()}
        return f"{args.name}-id", outputs

    def _control_plane(self, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        """What the library's component makes, and hands out as a reference to a resource."""
        child = {"name": inputs["name"], "version": inputs["version"]}
        self.resources.append(Registered(type="aws:eks/cluster:Cluster", name=name, inputs=child))
        monitor: Any = settings.get_monitor()
        urn = monitor.make_urn("", "aws:eks/cluster:Cluster", name)
        monitor.resources[urn] = mocks.MockMonitor.ResourceRegistration(urn, inputs["name"], child)
        reference = {rpc._special_sig_key: rpc._special_resource_sig, "urn": urn, "id": inputs["name"]}
        kubeconfig = json.dumps({"clusters": [{"cluster": {"server": "https://cluster.example"}}]})
        return {
            "eksCluster": reference,
            "kubeconfigJson": kubeconfig,
            "clusterSecurityGroupId": f"sg-{name.encode().hex()}",
        }

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        self.calls.append(args.token)
        return {}

    def of(self, type_: str) -> dict[str, dict[str, Any]]:
        """Inputs by name, of all resources of a type."""
        return {resource.name: resource.inputs for resource in self.resources if resource.type == type_}


def record(build: Callable[[], object], *, stack: str = "staging") -> Recorder:
    """Everything ``build`` registers; returns once it has all landed, so that absence can be asserted too."""
    recorder = Recorder()
    asyncio.set_event_loop(asyncio.new_event_loop())  # its own: a test before this one may have left none
    # So is its stack: one from another test may be half registered, in a loop that runs no more.
    settings.set_root_resource(None)
    mocks.set_mocks(recorder, project="dhakacart", stack=stack, preview=False)

    @pulumi.runtime.test
    def run() -> None:
        build()

    # What the SDK tells the engine besides (where in the program a resource is made, and each of its steps) takes a
    # quarter of a recording's time.
    with patch.object(resource, "_get_stack_trace", source_pb2.StackTrace), patch.object(pulumi.log, "debug"):
        run()
    return recorder
