"""How moto is taught an API that it lacks: a function for each operation, and a record of what stands.

The operations become moto's own, so that boto3, the ``aws`` command and this sandbox's providers all find them; the
record is kept in moto's backend of the service and region, and is saved and forgotten with it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from moto.backends import get_backend
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores, get_service_model

Thing = dict[str, Any]
"""A resource as the API describes it, members spelt as in the service model."""
Shelf = dict[tuple[str, ...], Thing]
WORLDWIDE = {"budgets", "cloudfront", "iam", "route53", "s3"}
"""Services that moto keeps in one place for all regions."""


class Refusal(ServiceException):
    """AWS says no: ``raise Refusal("ResourceInUseException", "…")``."""


@dataclass(frozen=True)
class Place:
    """Where a call arrived: one account's service in one region."""

    service: str
    account: str
    region: str

    @property
    def backend(self) -> Any:
        """What moto itself keeps there."""
        return self.of(self.service)

    def of(self, service: str) -> Any:
        """What moto keeps of another service in the same account and region."""
        load: Any = get_backend  # pyright: ignore[reportUnknownVariableType] - an overload for each service
        regions: Any = load(service)[self.account]
        return regions["aws" if service in WORLDWIDE else self.region]

    def elsewhere(self, service: str, region: str = "") -> "Place":
        """Another service of the same account, in the region that it keeps things in if that is another one."""
        return Place(service, self.account, region or self.region)

    def shelf(self, kind: str) -> Shelf:
        """What stands of one kind, by its key."""
        kept: dict[str, Shelf] = self.backend.__dict__.setdefault("recorded", {})
        return kept.setdefault(kind, {})

    def arn(self, resource: str) -> str:
        return f"arn:aws:{self.service}:{self.region}:{self.account}:{resource}"


Answer = Callable[[Place, Thing], Any]
"""From a call's parameters to its reply. Raises Refusal."""
Answers = Mapping[str, Answer]


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Family:
    """A kind of resource with the usual operations upon it, each named only if AWS has it.

    A creation keeps what was asked for and what ``made`` adds; an update lays its parameters over that, those in
    ``key`` and idempotency tokens aside. Neither asks what else must hold: say it in ``made`` and ``changed``.
    """

    kind: str
    key: tuple[str, ...]
    """The parameters that tell one from another."""
    create: str
    describe: str = ""
    update: str = ""
    delete: str = ""
    list: str = ""
    wrapped: str = ""
    """The member of a reply that holds the resource; the reply itself if there is none."""
    listed: str = ""
    """The member of the list's reply."""
    as_listed: Callable[[Thing], Any] = field(default=lambda thing: thing)
    """An entry of that list: a name, a summary, or the resource itself."""
    exists: str
    missing: str
    """Error codes."""
    made: Answer = field(default=lambda place, asked: {})
    """What AWS adds to a new one, such as its ARN; refuses what AWS refuses."""
    changed: Answer = field(default=lambda place, asked: {})
    """What AWS adds to a changed one; refuses what AWS refuses."""
    deletes: Callable[[Place, Thing], object] = field(default=lambda place, thing: None)
    """Refuses, or tidies up."""

    def answers(self) -> Answers:
        by_name: dict[str, Answer] = {
            self.create: self._create,
            self.describe: self._describe,
            self.update: self._update,
            self.delete: self._delete,
            self.list: self._list,
        }
        return {operation: answer for operation, answer in by_name.items() if operation}

    def find(self, place: Place, asked: Thing) -> Thing:
        """The one that the parameters name. Raises the service's not-found error."""
        thing = place.shelf(self.kind).get(self._key(asked))
        if thing is None:
            raise Refusal(self.missing, f"No {self.kind} found for {self._named(asked)}.")
        return thing

    def _create(self, place: Place, asked: Thing) -> Thing:
        thing = {**_lasting(asked), **self.made(place, asked)}
        shelf, key = place.shelf(self.kind), self._key(thing)
        if key in shelf:
            raise Refusal(self.exists, f"The {self.kind} already exists: {self._named(thing)}.")
        shelf[key] = thing
        return self._reply(thing)

    def _describe(self, place: Place, asked: Thing) -> Thing:
        return self._reply(self.find(place, asked))

    def _update(self, place: Place, asked: Thing) -> Thing:
        thing = self.find(place, asked)
        thing |= {**_lasting(asked), **self.changed(place, asked)}
        return self._reply(thing)

    def _delete(self, place: Place, asked: Thing) -> Thing:
        thing = self.find(place, asked)
        self.deletes(place, thing)
        del place.shelf(self.kind)[self._key(asked)]
        return self._reply(thing)

    def _list(self, place: Place, asked: Thing) -> Thing:
        """Those that agree with every parameter of the call that is a part of the key."""
        wanted = {name: asked[name] for name in self.key if name in asked}
        things = place.shelf(self.kind).values()
        return {self.listed: [self.as_listed(one) for one in things if wanted.items() <= one.items()]}

    def _key(self, asked: Thing) -> tuple[str, ...]:
        return tuple(asked.get(name, "") for name in self.key)

    def _named(self, asked: Thing) -> str:
        return ", ".join(f"{name} {asked.get(name, '')}" for name in self.key)

    def _reply(self, thing: Thing) -> Thing:
        return {self.wrapped: thing} if self.wrapped else thing


def _lasting(asked: Thing) -> Thing:
    return {name: value for name, value in asked.items() if name != "clientRequestToken"}


def teach(service: str, answers: Answers) -> None:
    """Have moto's response class of the service answer the operations, in place of its own answer where it has one."""
    response = _response(service)
    url_paths: dict[str, Any] = import_module(f"moto.{service}.urls").url_paths
    for operation, answer in answers.items():
        uri = get_service_model(service).operation_model(operation).http["requestUri"].partition("?")[0]
        path = re.sub(
            r"\{(\w+)\+?\}", r"(?P<\1>.+)", uri
        )  # an ARN has slashes; which call it is, moto finds out itself
        if uri != "/":
            url_paths.setdefault(f"{{0}}{path}$", response.dispatch)
        setattr(response, camelcase_to_underscores(operation), _method(service, answer))


def _response(service: str) -> type[BaseResponse]:
    """The class that moto answers the service's calls with, the only one that its module makes."""
    module = import_module(f"moto.{service}.responses")
    made = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
    (found,) = (one for one in made if issubclass(one, BaseResponse))
    return found


def _method(service: str, answer: Answer) -> Callable[[Any], ActionResult]:
    def respond(self: Any) -> ActionResult:
        self.parse_parameters(self.normalized_request)
        place = Place(service, self.current_account, self.region)
        return ActionResult(answer(place, _as_in_the_model(self.params)))

    return respond


def _as_in_the_model(value: Any) -> Any:
    """Parameters spelt as the service model spells them, where moto has spelt them anew."""
    if hasattr(value, "original_dict"):
        return _as_in_the_model(value.original_dict())
    if isinstance(value, dict):
        return {name: _as_in_the_model(part) for name, part in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return [_as_in_the_model(part) for part in value] if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]
