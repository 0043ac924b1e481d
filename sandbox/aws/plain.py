"""Resource types whose calls are plain: one each to make, read, change and delete, tags by calls of the service.

What the calls take and give is botocore's service model to say. A row adds what no model knows: which calls these are,
what names the resource, and which properties have other names than their members.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jmespath

from sandbox.aws.gateway import Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, Tagging
from sandbox.aws.shapes import answered, inward, member_of, members, operation, parameters, properties, tagging
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

PROVIDERS_OWN = frozenset({"region", "tags"})


@dataclass(frozen=True, kw_only=True)
class Plain:
    """``key`` gives for each parameter that names the resource the property it comes from; together they are the id."""

    type: str
    constraints: Constraints
    service: str
    key: Mapping[str, str]
    create: str
    read: str
    at: str
    """Where in the reply of ``read`` the resource is: ``accessEntry``, ``DBSubnetGroups[0]``."""
    update: str = ""
    delete: str
    missing: tuple[str, ...] = ()
    """Error codes by which ``read`` says that there is none."""
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Properties whose member has another name."""
    elsewhere: Mapping[str, str] = field(default_factory=dict[str, str])
    """Properties that the reply of ``read`` has in another place than the call that sets them, by JMESPath."""
    outputs: tuple[str, ...] = ()
    arn: str = "arn"
    """The output by which the resource is tagged."""
    joint: str = ":"
    unread: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    """Inputs that only the update sends."""
    as_made: Mapping[str, Any] = field(default_factory=dict[str, Any])
    counted: str = ""
    """A JMESPath to the ids in the reply of ``read`` without a name, for the census."""
    auto_name: AutoName | None = None

    @property
    def sent(self) -> frozenset[str]:
        prefix = {f"{self.auto_name.field}Prefix"} if self.auto_name else set[str]()
        return self.constraints.inputs - self.unread - self.later - PROVIDERS_OWN - prefix

    @property
    def changing(self) -> frozenset[str]:
        """Inputs that the update sends."""
        return (self.sent | self.later) - self.constraints.replaces if self.update else frozenset()

    def aws_type(self) -> AwsType:
        """The row that the provider works with."""
        tagged = "tags" in self.constraints.inputs
        return AwsType(
            type=self.type,
            constraints=self.constraints,
            create=self._create,
            sent=self.sent,
            read=self._read,
            delete=self._delete,
            settings=(Setting(inputs=tuple(sorted(self.changing)), apply=self._change),) if self.changing else (),
            unread=self.unread,
            as_made=self.as_made,
            tagging=Tagging(put=self._tag, drop=self._untag) if tagged else None,
            census=Census(service=self.service, operation=self.read, path=self.counted) if self.counted else None,
            auto_name=self.auto_name,
        )

    def _create(self, aws: Region, props: Props) -> str:
        """What names the resource is among the inputs, or AWS makes it up and says so in the reply."""
        reply = self._call(aws, self.create, props)
        made = next((part for name, part in reply.items() if is_resource(name, part)), dict[str, Any]())
        return self.joint.join(str(made.get(parameter) or props[name]) for parameter, name in self.key.items())

    def _find(self, aws: Region, it: str) -> dict[str, Any] | None:
        return aws.find(self.service, self.read, self.at, self.missing, **self._named(self.read, it))

    def _read(self, aws: Region, it: str, state: Props) -> Props | None:
        found = self._find(aws, it)
        if found is None:
            return None
        wanted = (self.constraints.inputs - self.unread - {"region"}) | {*self.outputs, self.arn}
        props = properties(answered(self.service, self.read, self.at), found, sorted(wanted), self._names)
        props |= {name: jmespath.search(path, found) for name, path in self.elsewhere.items()}
        if "tags" in self.constraints.inputs and "tags" not in props:
            props["tags"] = self._tags(aws, it)
        return props

    def _change(self, aws: Region, it: str, props: Props) -> None:
        self._call(aws, self.update, {name: props[name] for name in self.changing & props.keys()}, it)

    def _delete(self, aws: Region, it: str, state: Props) -> None:
        self._call(aws, self.delete, {name: state[name] for name in self.unread & state.keys()}, it)

    def _call(self, aws: Region, name: str, props: Props, it: str = "") -> dict[str, Any]:
        given = parameters(members(self.service, name), props, self._names)
        return aws.call(self.service, name, **given, **(self._named(name, it) if it else {}))

    @property
    def _names(self) -> dict[str, str]:
        return {**{name: parameter for parameter, name in self.key.items()}, **self.renamed}

    def _named(self, name: str, it: str) -> dict[str, Any]:
        """What names the resource in a call; in a list where the call takes several."""
        known = members(self.service, name)
        parts = dict(zip(self.key, it.split(self.joint, len(self.key) - 1), strict=True))
        single = {key: text for key, text in parts.items() if key in known}
        return single or {member_of(known, key): [text] for key, text in parts.items()}

    def _tag(self, aws: Region, it: str, tags: Mapping[str, str]) -> None:
        self._tagging(aws, 0, it, {"tagsAll": dict(tags)})

    def _untag(self, aws: Region, it: str, names: list[str]) -> None:
        self._tagging(aws, 1, it, {"tagKeys": names})

    def _tags(self, aws: Region, it: str) -> Any:
        reply = self._tagging(aws, 2, it, {})
        listed = member_of(reply, "tags") or member_of(reply, "tagList")
        shape = operation(self.service, tagging(self.service)[2]).output_shape.members[listed]
        return inward(shape, reply[listed])

    def _tagging(self, aws: Region, index: int, it: str, props: Props) -> dict[str, Any]:
        name = tagging(self.service)[index]
        found, shape = self._find(aws, it) or {}, answered(self.service, self.read, self.at)
        arn = properties(shape, found, [self.arn], self._names)[self.arn]
        known = members(self.service, name)
        by_arn = next(member for member, part in known.items() if part.type_name == "string")
        return aws.call(self.service, name, **{by_arn: arn}, **parameters(known, props, {}))


def is_resource(name: str, part: Any) -> bool:
    return isinstance(part, dict) and name != "ResponseMetadata"
