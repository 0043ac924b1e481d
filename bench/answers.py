"""Mocked providers that answer with markers: every text that a resource puts out tells whose it is and which."""

import pkgutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NoReturn, cast, get_args, get_origin

import pulumi
from pulumi.runtime import mocks, rpc, settings

from bench.values import Reference

TEXT = ((str,), (str | None,))
DEPTH = 3  # of objects in objects: an Ingress has its host name there


@dataclass
class Made:
    """The resources that the program made, and how to refer to them.

    By type and logical name, which together are as unique as what the engine calls a resource.
    """

    resources: list[pulumi.ResourceTransformationArgs] = field(default_factory=list[pulumi.ResourceTransformationArgs])
    references: dict[tuple[str, str], Reference] = field(default_factory=dict[tuple[str, str], Reference])

    def note(self, args: pulumi.ResourceTransformationArgs) -> None:
        if args.opts.urn is None:  # else it is there already: an output that refers to a resource
            self.references[args.type_, args.name] = Reference(len(self.resources))
            self.resources.append(args)

    def reference(self, resource: pulumi.Resource) -> Reference:
        return self.references[resource.pulumi_resource_type, resource.pulumi_resource_name]

    def edge(self, resource: pulumi.Resource) -> Reference:
        """An output that is known once the resource is made; a component has none but its URN."""
        return self.reference(resource)["id" if isinstance(resource, pulumi.CustomResource) else "urn"]


@dataclass
class Answers(mocks.Mocks):
    made: Made

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        own = self.made.references[args.typ, args.name]
        kind = type(self.made.resources[own.number].resource)
        handed_out = {wire: self._child(own[name], child, args.name) for wire, name, child in _children(kind)}
        given = cast("dict[str, Any]", args.inputs)
        answered = _objects(kind, own, given)
        return own["id"].marker, {**given, **_marked(kind, own), **answered, **handed_out}

    def _child(self, own: Reference, kind: type, parent: str) -> dict[str, str]:
        """What a remote component answers for a resource that it made: where the program can ask for it."""
        type_, name = pulumi.get_type_token(kind) or "", f"{parent}-{own.attribute}"
        monitor = cast("mocks.MockMonitor", settings.get_monitor())
        urn = monitor.make_urn("", type_, name)
        self.made.references[type_, name] = own
        state = mocks.MockMonitor.ResourceRegistration(urn, own["id"].marker, _marked(kind, own))
        monitor.resources[urn] = state
        return {rpc._special_sig_key: rpc._special_resource_sig, "urn": urn, "id": state.id}  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - the wire format has no public name

    def call(self, args: mocks.MockCallArgs) -> NoReturn:
        raise ValueError(f"the program looks {args.token} up: a preview of it cannot be replayed")


def _marked(kind: type, own: Reference) -> dict[str, str]:
    """The outputs that are text, by their names on the wire."""
    return {wire: own[name].marker for wire, name, given in _outputs(kind) if given in TEXT}


def _objects(kind: type, own: Reference, given: Mapping[str, Any]) -> dict[str, Any]:
    """The outputs that are objects or lists of them, with the text that is in them, where the program gives none."""
    return {
        wire: found
        for wire, name, annotated in _outputs(kind)
        if wire not in given and annotated and (found := _filled(kind, annotated[0], own[name], DEPTH))
    }


def _filled(kind: type, annotated: Any, own: Reference, depth: int) -> Any:
    """Markers in the form that a generated class annotates; nothing where it has no text within reach."""
    inner = [one for one in get_args(annotated) if one is not type(None)]
    if annotated in (str, str | None):
        return own.marker
    if get_origin(annotated) is Sequence:
        found = _filled(kind, inner[0], own.first, depth)
        return [found] if found else None
    if inner:
        return _filled(kind, inner[0], own, depth)
    path: str = getattr(annotated, "__forward_arg__", annotated if isinstance(annotated, str) else "")
    if "outputs." not in path or not depth:
        return None
    shape = attrgetter(path)(sys.modules[kind.__module__])
    members = {wire: _filled(shape, it, own[name], depth - 1) for wire, name, it in _getters(shape)}
    return {wire: found for wire, found in members.items() if found}


def _children(kind: type) -> Iterator[tuple[str, str, type]]:
    """The outputs that are resources, which generated classes name by their full path."""
    for wire, name, given in _outputs(kind):
        path = getattr(given[0], "__forward_arg__", "") if given else ""
        child = pkgutil.resolve_name(path) if path.startswith("pulumi_") else None
        if isinstance(child, type) and issubclass(child, pulumi.CustomResource):
            yield wire, name, child


def _outputs(kind: type) -> Iterator[tuple[str, str, tuple[Any, ...]]]:
    """The outputs of a resource class: name on the wire, name in Python, and what it is an output of."""
    return ((wire, name, get_args(annotated)[:1]) for wire, name, annotated in _getters(kind))


def _getters(kind: type) -> Iterator[tuple[str, str, Any]]:
    for name, attribute in vars(kind).items():
        getter: Any = attribute.fget if isinstance(attribute, property) else None
        if getter:
            yield getattr(getter, "_pulumi_name", name), name, getter.__annotations__.get("return")
