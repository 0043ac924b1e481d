"""An engine's resource monitor that notes what a component registers, and answers as the engine would."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc, resource_pb2, resource_pb2_grpc

from sandbox.providers.properties import from_struct, to_struct
from sandbox.providers.provider import Provider
from sandbox.providers.server import serve

STACK = "urn:pulumi:staging::shop::"
PARENT = f"{STACK}shop:cluster:ControlPlane::control-plane"
PROVIDERS = {"aws": f"{STACK}pulumi:providers:aws::aws::aws-id"}


@dataclass
class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """``made`` is what AWS adds to a resource, by type; ``standing`` what stood before, by URN."""

    made: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    standing: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    preview: bool = False
    broken: str = ""
    """The type whose registration fails."""
    registered: dict[str, Any] = field(default_factory=dict[str, Any])
    """Requests by name, in their order."""
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])

    def RegisterResource(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802 - gRPC's name
        if request.type == self.broken:
            context.abort(grpc.StatusCode.UNAVAILABLE, "resource monitor shut down")
        self.registered[request.name] = request
        kind = f"{request.parent.split('::')[2]}${request.type}"
        props = from_struct(request.object)
        state = props if self.preview else {**props, **self.made.get(request.type, {})}
        return resource_pb2.RegisterResourceResponse(
            urn=f"{STACK}{kind}::{request.name}",
            id="" if self.preview or not request.custom else f"{request.name}-id",
            object=to_struct(state),
        )

    def RegisterResourceOutputs(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802 - gRPC's name
        self.outputs[request.urn] = from_struct(request.outputs)
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802 - gRPC's name
        assert request.tok == "pulumi:pulumi:getResource"
        found = {"state": self.standing[from_struct(request.args)["urn"]]}
        answer: Any = {"return": to_struct(found)}
        return provider_pb2.InvokeResponse(**answer)

    def inputs(self, name: str) -> dict[str, Any]:
        return from_struct(self.registered[name].object)

    def urn(self, name: str) -> str:
        request = self.registered[name]
        return f"{STACK}{request.parent.split('::')[2]}${request.type}::{name}"


@dataclass(frozen=True)
class Constructed:
    urn: str
    state: dict[str, Any]
    sources: dict[str, list[str]]


class Constructor:
    """The engine's end of a component provider."""

    def __init__(self, stub: provider_pb2_grpc.ResourceProviderStub, address: str, monitor: Monitor) -> None:
        self._stub = stub
        self._address = address
        self._monitor = monitor

    def construct(
        self,
        kind: str,
        inputs: Mapping[str, Any],
        sources: Mapping[str, list[str]] | None = None,
        **options: Any,
    ) -> Constructed:
        """Raises grpc.RpcError with what the engine would show."""
        urns = provider_pb2.ConstructRequest.PropertyDependencies
        request = provider_pb2.ConstructRequest(
            monitorEndpoint=self._address,
            dryRun=self._monitor.preview,
            type=kind,
            name="cluster",
            parent=PARENT,
            providers=PROVIDERS,
            inputs=to_struct(inputs),
            inputDependencies={name: urns(urns=listed) for name, listed in (sources or {}).items()},
            **options,
        )
        reply = self._stub.Construct(request)
        came_from = {name: list(value.urns) for name, value in reply.stateDependencies.items()}
        return Constructed(reply.urn, from_struct(reply.state), came_from)


@contextmanager
def constructor(provider: Provider, monitor: Monitor) -> Iterator[Constructor]:
    server = grpc.server(ThreadPoolExecutor(4))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        with serve(provider) as port, grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield Constructor(provider_pb2_grpc.ResourceProviderStub(channel), address, monitor)
    finally:
        server.stop(grace=None).wait()
