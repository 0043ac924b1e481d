"""A resource provider in Python that the real engine attaches to over gRPC: no plugin is downloaded.

The engine opens one connection for each provider resource of the program and configures it; later calls name no
provider, so the connection they arrive on tells which configuration holds.
"""

import importlib.metadata
import json
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import any_pb2, empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, resource_pb2_grpc, status_pb2

from sandbox.errors import SandboxError
from sandbox.providers.component import Component, ComponentProvider
from sandbox.providers.properties import Props, from_struct, to_struct
from sandbox.providers.provider import Call, PartialFailureError, Provider, ResourceError

THREADS = 32
MAX_MESSAGE_BYTES = 400 * 1024 * 1024  # the engine's own limit


@contextmanager
def serve(provider: Provider, port: int = 0) -> Generator[int]:
    """Serve on the loopback interface, on the port it yields. Raises SandboxError if that is taken.

    At the end what is under way is finished, also what an engine asked for that is dead by now: gRPC forgets such a
    call, and AWS does not stop half-way because the one who asked is gone.
    """
    handlers = ThreadPoolExecutor(THREADS, thread_name_prefix=provider.package)
    server = grpc.server(
        handlers, options=[("grpc.max_receive_message_length", MAX_MESSAGE_BYTES), ("grpc.so_reuseport", 0)]
    )
    servicer = _Components(provider) if isinstance(provider, ComponentProvider) else _Servicer(provider)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    try:
        bound = server.add_insecure_port(f"127.0.0.1:{port}")
    except RuntimeError:
        raise SandboxError(f"port {port} ({provider.package} provider) is taken.", "name another --port") from None
    server.start()
    try:
        yield bound
    finally:
        server.stop(grace=None).wait()
        handlers.shutdown(wait=True)


class _Servicer(provider_pb2_grpc.ResourceProviderServicer):
    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._configs: dict[str, Props] = {}

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.ProviderHandshakeResponse()

    def Attach(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:
        # The engine compares it with the version of the SDK that the program uses.
        return plugin_pb2.PluginInfo(version=importlib.metadata.version(f"pulumi-{self._provider.package}"))

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:
        old, new = decoded(from_struct(request.old_inputs)), decoded(from_struct(request.news))
        if old == new:
            return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)
        replaces = _answer(context, lambda: self._provider.diff_config(old, new))
        diffs = [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME, replaces=replaces, diffs=sorted(diffs)
        )

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:
        config = decoded(from_struct(request.args))
        _answer(context, lambda: self._provider.configure(config))
        self._configs[context.peer()] = config
        return provider_pb2.ConfigureResponse(supportsPreview=True)

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:
        config = self._configs.get(context.peer(), {})
        result = _answer(context, lambda: self._provider.invoke(request.tok, from_struct(request.args), config))
        answer: Any = {"return": to_struct(result)}  # a keyword of Python
        return provider_pb2.InvokeResponse(**answer)

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:
        call = self._call(request, context)
        news, olds = from_struct(request.news), from_struct(request.olds)
        inputs, failures = _answer(context, lambda: self._provider.check(call, news, olds, request.randomSeed))
        return provider_pb2.CheckResponse(
            inputs=to_struct(inputs),
            failures=[provider_pb2.CheckFailure(property=f.property, reason=f.reason) for f in failures],
        )

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:
        call = self._call(request, context)
        state, olds, news = (from_struct(part) for part in (request.olds, request.old_inputs, request.news))
        for path in request.ignoreChanges:
            _keep(olds, news, path)
        difference = _answer(context, lambda: self._provider.diff(call, state, olds, news))
        some = bool(difference.changed)
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if some else provider_pb2.DiffResponse.DIFF_NONE,
            replaces=difference.replaces,
            diffs=sorted(difference.changed),
            deleteBeforeReplace=difference.delete_before_replace,
            detailedDiff={
                key: provider_pb2.PropertyDiff(kind=kind, inputDiff=True) for key, kind in difference.changed.items()
            },
            hasDetailedDiff=True,
        )

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:
        call = self._call(request, context)
        inputs = from_struct(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(id="", properties=to_struct(self._provider.previewed(call, {}, inputs)))
        new_id, state = _answer(context, lambda: self._provider.create(call, inputs))
        return provider_pb2.CreateResponse(id=new_id, properties=to_struct(state))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:
        call = self._call(request, context)
        state, inputs = from_struct(request.properties), from_struct(request.inputs)
        found = _answer(context, lambda: self._provider.read(call, state, inputs))
        if found is None:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(id=call.id, properties=to_struct(found[0]), inputs=to_struct(found[1]))

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:
        call = self._call(request, context)
        state, olds, news = (from_struct(part) for part in (request.olds, request.old_inputs, request.news))
        if request.preview:
            state = _answer(context, lambda: self._provider.previewed(call, state, news))
            return provider_pb2.UpdateResponse(properties=to_struct(state))
        state = _answer(context, lambda: self._provider.update(call, state, olds, news))
        return provider_pb2.UpdateResponse(properties=to_struct(state))

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:
        call = self._call(request, context)
        _answer(context, lambda: self._provider.delete(call, from_struct(request.properties)))
        return empty_pb2.Empty()

    def _call(self, request: Any, context: grpc.ServicerContext) -> Call:
        return Call(
            type=request.urn.split("::")[2].split("$")[-1],
            urn=request.urn,
            name=request.urn.split("::")[-1],
            config=self._configs.get(context.peer(), {}),
            id=getattr(request, "id", ""),
            preview=getattr(request, "preview", False),
            timeout=getattr(request, "timeout", 0),
        )


class _Components(_Servicer):
    """Of a provider of components: these get secrets and resources as such, and hand them on."""

    _provider: ComponentProvider

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True)

    def Construct(self, request: Any, context: grpc.ServicerContext) -> Any:
        limits = [(f"grpc.max_{way}_message_length", MAX_MESSAGE_BYTES) for way in ("send", "receive")]
        with grpc.insecure_channel(request.monitorEndpoint, options=limits) as channel:
            component = Component(request, resource_pb2_grpc.ResourceMonitorStub(channel))
            return _answer(context, lambda: component.finish(self._provider.construct(component)))

    def Call(self, request: Any, context: grpc.ServicerContext) -> Any:
        context.abort(grpc.StatusCode.UNKNOWN, f"not simulated yet: {request.tok}")


def decoded(config: Props) -> Props:
    """A provider's configuration: the engine sends what is not a string as JSON text."""
    return {key: json.loads(value) if str(value)[:1] in {"[", "{"} else value for key, value in config.items()}


def _keep(olds: Props, news: Props, path: str) -> None:
    """Leave what stands at a dotted path as it was."""
    name, _, rest = path.partition(".")
    if rest and isinstance(olds.get(name), dict) and isinstance(news.get(name), dict):
        _keep(olds[name], news[name], rest)
    elif name in olds:
        news[name] = olds[name]


class _Status(grpc.Status):
    """What gRPC sends as an error, with the detail by which the engine knows a half-made resource."""

    def __init__(self, message: str, detail: any_pb2.Any) -> None:
        self.code = grpc.StatusCode.UNKNOWN
        self.details = message
        status = status_pb2.Status(code=self.code.value[0], message=message, details=[detail])
        self.trailing_metadata = (("grpc-status-details-bin", status.SerializeToString()),)


def _answer(context: grpc.ServicerContext, work: Callable[[], Any]) -> Any:
    """The result of ``work``, its refusals turned into what the engine understands."""
    try:
        return work()
    except PartialFailureError as error:
        detail = any_pb2.Any()
        detail.Pack(
            provider_pb2.ErrorResourceInitFailed(
                id=error.resource_id, properties=to_struct(error.state), reasons=[str(error)]
            )
        )
        context.abort_with_status(_Status(str(error), detail))
    except ResourceError as error:
        context.abort(grpc.StatusCode.UNKNOWN, str(error))
