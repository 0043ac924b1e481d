"""What a simulated provider does, in plain values: no gRPC."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from pulumi.runtime.proto import provider_pb2

from sandbox.providers.properties import Props


class ResourceError(Exception):
    """The provider refuses, or AWS did: the engine shows the message beside the resource."""


class PartialFailureError(ResourceError):
    """The resource exists, but not all of it came about: the engine keeps it and finishes it in the next update."""

    def __init__(self, message: str, resource_id: str, state: Props) -> None:
        super().__init__(message)
        self.resource_id = resource_id
        self.state = state


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why an input is refused before anything is made."""

    reason: str
    property: str = ""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What separates a resource as it stands from what the program wants."""

    changed: dict[str, "provider_pb2.PropertyDiff.Kind.ValueType"] = field(
        default_factory=dict[str, "provider_pb2.PropertyDiff.Kind.ValueType"]
    )
    replaces: tuple[str, ...] = ()
    delete_before_replace: bool = False


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request about one resource, whichever provider resource it came through."""

    type: str
    urn: str
    name: str
    config: Props
    id: str = ""
    preview: bool = False
    timeout: float = 0
    """Seconds that the program gives it; 0 leaves them to the provider."""


class Provider(ABC):
    """What a simulated provider does; plain values in and out, no gRPC."""

    package: str

    def configure(self, config: Props) -> None:  # noqa: B027 - most providers have nothing to prepare
        """Raise ResourceError if the configuration is not acceptable."""

    def diff_config(self, old: Props, new: Props) -> tuple[str, ...]:
        """The settings whose change replaces the provider, and with it every resource of its."""
        return ()

    @abstractmethod
    def check(self, call: Call, news: Props, olds: Props, seed: bytes) -> tuple[Props, list[Failure]]: ...

    @abstractmethod
    def diff(self, call: Call, state: Props, old_inputs: Props, news: Props) -> Difference: ...

    def previewed(self, call: Call, state: Props, news: Props) -> Props:
        """The state as far as it is known before it comes about: what is not there, or ``UNKNOWN``, is to be seen."""
        return {**state, **news}

    @abstractmethod
    def create(self, call: Call, inputs: Props) -> tuple[str, Props]: ...

    @abstractmethod
    def read(self, call: Call, state: Props, inputs: Props) -> tuple[Props, Props] | None:
        """State and inputs as they really are, or None if the resource is gone."""

    @abstractmethod
    def update(self, call: Call, state: Props, old_inputs: Props, news: Props) -> Props: ...

    @abstractmethod
    def delete(self, call: Call, state: Props) -> None: ...

    def invoke(self, token: str, args: Props, config: Props) -> Props:
        raise ResourceError(f"the sandbox does not answer {token}({args}): add it to the {self.package} provider")
