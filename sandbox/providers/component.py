"""A component as its provider makes it: registered with the engine child by child, over the engine's own interface.

Not with the SDK, which keeps what it works on in the process, and this process runs the program as well.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import grpc
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc

from sandbox.providers.properties import UNKNOWN, Props, from_struct, to_struct
from sandbox.providers.provider import Call, Provider, ResourceError
from sandbox.providers.values import Value, is_reference, reference, union

GET_RESOURCE = "pulumi:pulumi:getResource"


class Made:
    """A resource that the engine has registered, or knows from the program."""

    def __init__(self, urn: str, resource_id: str, outputs: Props, *, preview: bool) -> None:
        self.urn = urn
        self.reference = Value(reference(urn, resource_id or UNKNOWN), (urn,))
        self._outputs = outputs
        self._absent = UNKNOWN if preview else None

    def output(self, *path: str | int) -> Value:
        """What the resource has there; what a preview cannot tell is unknown."""
        found = Value.of(self._outputs, (self.urn,))
        content: Any = found.content
        for step in path:
            try:
                content = content[step]
            except (KeyError, IndexError, TypeError):
                content = self._absent
        return Value(content, found.sources, secret=found.secret)


class Component:
    """One component of a program while it is made."""

    def __init__(self, request: Any, monitor: resource_pb2_grpc.ResourceMonitorStub) -> None:
        self.type: str = request.type
        self.name: str = request.name
        self.urn = ""
        self._request = request
        self._monitor = monitor
        self._inputs = {
            name: Value.of(content, tuple(request.inputDependencies[name].urns))
            for name, content in from_struct(request.inputs).items()
            if content is not None
        }

    @property
    def inputs(self) -> Props:
        """The contents of what the program gives."""
        return {name: value.content for name, value in self._inputs.items()}

    def given(self, name: str) -> Value:
        return self._inputs.get(name, Value())

    def register(self) -> None:
        """Put the component into the graph, with the options that the program gave it. Children come after."""
        request = self._request
        made = self._register(
            {
                "type": self.type,
                "name": self.name,
                "parent": request.parent,
                "object": to_struct({}),
                "dependencies": request.dependencies,
                "providers": request.providers,
                "aliases": request.aliases,
                "ignoreChanges": request.ignoreChanges,
                "replaceOnChanges": request.replaceOnChanges,
                "retainOnDelete": request.retainOnDelete,
                "deletedWith": request.deletedWith,
            }
        )
        self.urn = made.urn

    def child(
        self,
        kind: str,
        name: str,
        props: Mapping[str, Value],
        *,
        version: str,
        parent: Made | None = None,
        depends_on: Sequence[Made] = (),
        ignore_changes: Sequence[str] = (),
    ) -> Made:
        """Returns when the resource stands, or in a preview has been planned. ``version`` is that of its SDK."""
        wanted = {name: value for name, value in props.items() if value.content is not None}
        dependencies = union(*wanted.values()) + tuple(made.urn for made in depends_on)
        sources = {name: _Sources(urns=value.sources) for name, value in wanted.items()}
        return self._register(
            {
                "type": kind,
                "name": name,
                "parent": parent.urn if parent else self.urn,
                "custom": True,
                "object": to_struct({name: value.wire for name, value in wanted.items()}),
                "dependencies": list(dict.fromkeys(dependencies)),
                "propertyDependencies": sources,
                "provider": self._request.providers.get(kind.partition(":")[0], ""),
                "version": version,
                "ignoreChanges": ignore_changes,
            }
        )

    def look_up(self, name: str) -> Made:
        """The resource that the program gives as an input."""
        content = self.given(name).content
        if not is_reference(content):
            raise ResourceError(f"{name} must be a resource of the program, got {content!r}")
        ask: Any = resource_pb2.ResourceInvokeRequest
        request = ask(tok=GET_RESOURCE, args=to_struct({"urn": content["urn"]}), acceptResources=True)
        reply = self._ask("Invoke", f"looking up {content['urn']}", request)
        found = from_struct(getattr(reply, "return"))
        return Made(content["urn"], content.get("id", ""), found.get("state", {}), preview=self._request.dryRun)

    def finish(self, outputs: Mapping[str, Value]) -> Any:
        """Tell the engine, and in the answer the program, what the component came to."""
        known = {name: value for name, value in outputs.items() if value.content is not None}
        state = to_struct({name: value.wire for name, value in known.items()})
        self._ask("RegisterResourceOutputs", self.name, _Outputs(urn=self.urn, outputs=state))
        sources = provider_pb2.ConstructResponse.PropertyDependencies
        return provider_pb2.ConstructResponse(
            urn=self.urn,
            state=state,
            stateDependencies={name: sources(urns=value.sources) for name, value in known.items()},
        )

    def _register(self, fields: Mapping[str, Any]) -> Made:
        request = resource_pb2.RegisterResourceRequest(
            **fields,
            protect=self._request.protect,
            acceptSecrets=True,
            acceptResources=True,
            supportsPartialValues=True,
            aliasSpecs=True,
        )
        reply = self._ask("RegisterResource", f"registering {fields['name']} ({fields['type']})", request)
        return Made(reply.urn, reply.id, from_struct(reply.object), preview=self._request.dryRun)

    def _ask(self, operation: str, doing: str, request: Any) -> Any:
        try:
            return getattr(self._monitor, operation)(request)
        except grpc.RpcError as error:
            details = error.details() if isinstance(error, grpc.Call) else error
            raise ResourceError(f"{doing}: {details}") from None


class ComponentProvider(Provider):
    """A provider that makes components only."""

    @abstractmethod
    def construct(self, component: Component) -> Mapping[str, Value]:
        """Register the component and its children; return its outputs. Raise ResourceError for what is left out."""

    def _refuse(self, call: Call, *_: Any, **__: Any) -> NoReturn:
        raise ResourceError(f"not simulated yet: {call.type} of the {self.package} provider")

    check = diff = create = read = update = delete = _refuse


_Sources = resource_pb2.RegisterResourceRequest.PropertyDependencies
_Outputs = resource_pb2.RegisterResourceOutputsRequest
