"""What the simulated provider knows of a resource type: a row of small functions beside its constraints.

To add a type: its ``Constraints`` from the real provider's source, and an ``AwsType`` with the calls that make, read,
change and delete it, in ``TYPES`` of a module in the service's folder; where one call each does that, a ``Plain`` row
says so (``plain.py``). What moto lacks is recorded in a module beside it (``record.py``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.aws.gateway import Region
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

Apply = Callable[[Region, str, Props], object]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Inputs that a call of their own sets: when they change, and at creation if the creating call leaves them out."""

    inputs: tuple[str, ...]
    apply: Apply
    clears: bool = False
    """At creation whatever the inputs: takes away what AWS starts with, and sets nothing in its place."""


@dataclass(frozen=True, kw_only=True)
class Tagging:
    """How a service tags what already stands."""

    put: Callable[[Region, str, Mapping[str, str]], object]
    drop: Callable[[Region, str, list[str]], object]


@dataclass(frozen=True, kw_only=True)
class Census:
    """How to count what stands in a region, AWS's own defaults left out."""

    service: str
    operation: str
    path: str
    """A JMESPath to the ids; ``{account}`` is the one that is asked of."""
    params: Mapping[str, str | list[str]] = field(default_factory=dict[str, str | list[str]])
    """Of the call; ``{account}`` and ``{region}`` are those that are asked of."""
    only_in: str = ""
    """The one region that may be asked, for what AWS keeps there for the whole world."""
    prefix: str = ""
    """What the ids of the reply begin with, and those of resources do not."""
    removal: str = ""
    """The command that deletes one, ``{id}`` in ``{region}``, for what AWS makes unasked too."""


@dataclass(frozen=True, kw_only=True)
class AutoName:
    """The ``name`` that the provider makes up where the program gives none: the resource's own, and a random end."""

    max_length: int
    """Without the prefix."""
    prefix: str = ""
    field: str = "name"
    """The input, for a type that calls it otherwise; its prefix is that of ``namePrefix``."""


@dataclass(frozen=True, kw_only=True)
class AwsType:
    """``create`` returns the id; ``read`` the properties as AWS has them, or None if it is gone.

    What a program asks for and neither ``sent`` nor a setting brings about is refused, never silently left out.
    """

    type: str
    constraints: Constraints
    create: Callable[[Region, Props], str]
    sent: frozenset[str]
    """The inputs that ``create`` sends."""
    read: Callable[[Region, str, Props], Props | None]
    delete: Apply
    settings: tuple[Setting, ...] = ()
    unread: frozenset[str] = frozenset()
    """Inputs that AWS does not give back, such as those that only steer how the provider deletes."""
    as_made: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What a new resource has unasked, where that is neither the provider's default nor nothing."""
    follows: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """Outputs that a change of any of these inputs changes, to what only the update will know."""
    tagging: Tagging | None = None
    census: Census | None = None
    auto_name: AutoName | None = None

    @property
    def changeable(self) -> frozenset[str]:
        """Inputs that an update can change."""
        return self.unread.union(self._everywhere, *(setting.inputs for setting in self.settings))

    @property
    def handled(self) -> frozenset[str]:
        """Inputs that a creation brings about."""
        set_later = (setting.inputs for setting in self.settings if not setting.clears)
        return self.sent.union(self.unread, self._everywhere, self._prefix, *set_later)

    @property
    def readable(self) -> frozenset[str]:
        """Inputs that ``read`` gives back, unless AWS has nothing there."""
        return self.handled - self.unread - self._prefix - {"region"}

    def is_plain(self, name: str, value: Any) -> bool:
        """Whether the value asks for no more than what a new resource has anyway."""
        return not value if value is None or name not in self._unasked else value == self._unasked[name]

    @property
    def _everywhere(self) -> frozenset[str]:
        """What the provider itself handles, for every type that has it."""
        return self.constraints.inputs & {"region", "tags"}

    @property
    def _prefix(self) -> frozenset[str]:
        """What the provider makes a name from, for a type that has it."""
        return self.constraints.inputs & ({f"{self.auto_name.field}Prefix"} if self.auto_name else set[str]())

    @property
    def _unasked(self) -> Mapping[str, Any]:
        return {**self.constraints.defaults, **self.as_made}


def titled(name: str) -> str:
    """``cidrBlock`` as most calls spell it: ``CidrBlock``."""
    return name[0].upper() + name[1:]


def send(inputs: Props, *names: str, **renamed: str) -> dict[str, Any]:
    """Call parameters from inputs: ``cidrBlock`` becomes ``CidrBlock``; ``renamed`` is for the others."""
    wanted = {titled(name): name for name in names} | renamed
    return {parameter: inputs[name] for parameter, name in wanted.items() if inputs.get(name) not in (None, "")}


def receive(reply: Mapping[str, Any], *names: str, **renamed: str) -> Props:
    """Properties from a reply: ``CidrBlock`` becomes ``cidrBlock``; ``renamed`` is for the others."""
    wanted = {name[0].lower() + name[1:]: name for name in names} | renamed
    return {prop: reply[name] for prop, name in wanted.items() if reply.get(name) is not None}


def tag_list(tags: Mapping[str, str] | None, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    return [{key: name, value: text} for name, text in sorted((tags or {}).items())]


def tag_map(tags: list[dict[str, str]] | None, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Tags as the program sees them, AWS's own left out."""
    return {tag[key]: tag[value] for tag in tags or [] if not tag[key].startswith("aws:")}


def tags_by_arn(service: str, arn: Callable[[Region, str], str]) -> Tagging:
    """For services that tag by ``AddTagsToResource``; ``arn`` gives a resource's by its id."""
    return Tagging(
        put=lambda aws, it, tags: aws.call(
            service, "AddTagsToResource", ResourceName=arn(aws, it), Tags=tag_list(tags)
        ),
        drop=lambda aws, it, names: aws.call(
            service, "RemoveTagsFromResource", ResourceName=arn(aws, it), TagKeys=names
        ),
    )


def account_id(aws: Region) -> str:
    return aws.find("sts", "GetCallerIdentity", "Account")
