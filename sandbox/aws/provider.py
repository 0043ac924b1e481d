"""The simulated ``aws`` provider: any type of the registry, against moto."""

import os
import secrets
from collections.abc import Iterator, Mapping

from sandbox.aws.checks import UNIQUE_SUFFIX
from sandbox.aws.gateway import AwsError, Gateway, Region
from sandbox.aws.naming import is_made_up, made_up
from sandbox.aws.resource import AwsType, Setting
from sandbox.aws.store import Store
from sandbox.providers.properties import UNKNOWN, Props
from sandbox.providers.provider import Call, Difference, Failure, PartialFailureError, Provider, ResourceError
from sandbox.providers.table import Kind, difference, refusals, same, with_defaults

PARTITION = {"id": "aws", "partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}
INVOKES = {"aws:index/getPartition:getPartition": PARTITION}  # the library that makes clusters asks


class AwsProvider(Provider):
    package = "aws"

    def __init__(self, types: Mapping[str, AwsType], gateway: Gateway, store: Store) -> None:
        self._types = types
        self._gateway = gateway
        self._store = store

    def configure(self, config: Props) -> None:
        """Credentials are whatever the program asks for: the simulated account is the first that is allowed."""
        if not config.get("region"):
            raise ResourceError("invalid or missing region: set the provider's region, such as ap-south-1")
        for account in config.get("allowedAccountIds", [])[:1]:
            os.environ["MOTO_ACCOUNT_ID"] = account

    def check(self, call: Call, news: Props, olds: Props, seed: bytes) -> tuple[Props, list[Failure]]:
        kind = self._type(call)
        inputs = with_defaults(kind.constraints, news)
        if (rule := kind.auto_name) and not {rule.field, f"{rule.field}Prefix"} & inputs.keys():
            old = olds.get(rule.field, "")
            inputs[rule.field] = old if is_made_up(rule, call, old) else made_up(rule, call, seed)
        return inputs, [*refusals(kind.constraints, inputs), *_unhandled(kind, inputs)]

    def diff(self, call: Call, state: Props, old_inputs: Props, news: Props) -> Difference:
        kind = self._type(call)
        chosen = kind.constraints.computed & news.keys() & state.keys()  # by AWS, and asked for as it is now
        old_inputs = {**{name: state[name] for name in chosen}, **old_inputs}
        found = difference(kind.constraints, old_inputs, news)
        changed, replaces = dict(found.changed), list(found.replaces)
        if state.get("region", call.config["region"]) != self._region_name(call, news):
            changed["region"] = Kind.UPDATE_REPLACE
            replaces.append("region")
        if kind.tagging and state.get("tagsAll", {}) != self._tags_all(call, news):
            changed["tagsAll"] = Kind.UPDATE
        changed |= {setting.inputs[0]: Kind.UPDATE for setting in kind.settings if _never_cleared(setting, state)}
        if not replaces:
            self._refuse_unchangeable(kind, old_inputs, news)
        delete_first = found.delete_before_replace
        if rule := kind.auto_name:  # a new name lets the new one stand beside the old one
            delete_first &= rule.field in news and not is_made_up(rule, call, news[rule.field])
        return Difference(changed=changed, replaces=tuple(replaces), delete_before_replace=delete_first)

    def previewed(self, call: Call, state: Props, news: Props) -> Props:
        kind = self._type(call)
        chosen: Props = {}
        for owner, _, member in (path.partition(".") for path in kind.constraints.computed if "." in path):
            if isinstance(news.get(owner), dict):
                known = {member: state.get(owner, {}).get(member, UNKNOWN), **news[owner]}
                chosen[owner] = {**known, **chosen.get(owner, {})}
        moved = {name for name in news if _differs(kind, name, state, news)} if state else set[str]()
        renewed = {output: UNKNOWN for output, causes in kind.follows.items() if causes & moved}
        return {**state, **news, **chosen, **renewed}

    def create(self, call: Call, inputs: Props) -> tuple[str, Props]:
        kind, region = self._type(call), self._region(call, inputs)
        wanted = self._complete(kind, call, inputs)
        field = kind.auto_name.field if kind.auto_name else "name"
        if f"{field}Prefix" in inputs and field not in inputs:
            wanted[field] = inputs[f"{field}Prefix"] + secrets.token_hex(UNIQUE_SUFFIX // 2)
        new_id, pending = "", [setting for setting in kind.settings if _due(kind, setting, inputs)]
        try:
            new_id = kind.create(region, wanted)
            self._store.record(call.urn, new_id)
            while pending:
                pending[0].apply(region, new_id, wanted)
                pending.pop(0)
            return new_id, self._state(kind, region, new_id, wanted)
        except AwsError as error:
            if not new_id:
                raise ResourceError(f"creating {call.name}: {error}") from None
            reached = _without(wanted, pending)
            raise PartialFailureError(f"creating {call.name}: {error}", new_id, reached) from None
        finally:
            self._store.save()

    def read(self, call: Call, state: Props, inputs: Props) -> tuple[Props, Props] | None:
        """Inputs come back as AWS has them now, so that drift, and a creation that was cut short, show as changes."""
        kind, region = self._type(call), self._region(call, inputs)
        try:
            found = kind.read(region, call.id, state)
        except AwsError as error:
            raise ResourceError(f"reading {call.id}: {error}") from None
        if found is None:
            return None
        if kind.tagging:
            found["tagsAll"] = found.get("tags", {})
            own, default = inputs.get("tags", {}), self._tags_all(call, {})
            found["tags"] = {
                key: text for key, text in found["tagsAll"].items() if key in own or default.get(key) != text
            }
        unread = {name: state[name] for name in kind.unread & state.keys()}  # as they were last asked for
        return {**_lasting(kind, state), **unread, **found, "region": region.name}, _inputs_now(kind, inputs, found)

    def update(self, call: Call, state: Props, old_inputs: Props, news: Props) -> Props:
        kind, region = self._type(call), self._region(call, news)
        wanted = self._complete(kind, call, news)
        pending = [setting for setting in kind.settings if _changed(kind, setting, state, wanted)]
        self._refuse_unchangeable(kind, old_inputs, news)
        retagged = kind.tagging is not None and state.get("tagsAll", {}) != wanted.get("tagsAll", {})
        try:
            if kind.tagging and retagged:
                self._retag(kind, region, call.id, state.get("tagsAll", {}), wanted["tagsAll"])
                retagged = False
            while pending:
                pending[0].apply(region, call.id, wanted)
                pending.pop(0)
            return {**_lasting(kind, state), **self._state(kind, region, call.id, wanted)}
        except AwsError as error:
            reached = {**state, **_without(wanted, pending)}
            reached |= {key: state[key] for key in ("tags", "tagsAll") if retagged and key in state}
            raise PartialFailureError(f"updating {call.id}: {error}", call.id, reached) from None
        finally:
            self._store.save()

    def delete(self, call: Call, state: Props) -> None:
        kind, region = self._type(call), self._region(call, state)
        try:
            if kind.read(region, call.id, state) is not None:
                kind.delete(region, call.id, state)
            self._store.forget(call.urn, call.id)
        except AwsError as error:
            raise ResourceError(f"deleting {call.id}: {error}") from None
        finally:
            self._store.save()

    def invoke(self, token: str, args: Props, config: Props) -> Props:
        return dict(INVOKES[token]) if token in INVOKES else super().invoke(token, args, config)

    def _type(self, call: Call) -> AwsType:
        if call.type not in self._types:
            raise ResourceError(
                f"the sandbox does not know {call.type} yet: add it to a module of its service's folder under "
                "sandbox/aws/, as sandbox/aws/resource.py describes"
            )
        return self._types[call.type]

    def _region_name(self, call: Call, props: Props) -> str:
        return props.get("region") or call.config["region"]

    def _region(self, call: Call, props: Props) -> Region:
        return self._gateway.region(self._region_name(call, props))

    def _tags_all(self, call: Call, inputs: Props) -> dict[str, str]:
        return {**call.config.get("defaultTags", {}).get("tags", {}), **inputs.get("tags", {})}

    def _complete(self, kind: AwsType, call: Call, inputs: Props) -> Props:
        return {**inputs, "tagsAll": self._tags_all(call, inputs)} if kind.tagging else dict(inputs)

    def _state(self, kind: AwsType, region: Region, resource_id: str, wanted: Props) -> Props:
        found = kind.read(region, resource_id, wanted)
        if found is None:
            raise AwsError("sandbox", "read", "NotFound", f"{kind.type} {resource_id} is gone right after it was made")
        return {**found, **wanted, **_members(kind, found, wanted), "region": region.name}

    def _refuse_unchangeable(self, kind: AwsType, old: Props, new: Props) -> None:
        changed = difference(kind.constraints, old, new).changed.keys() - kind.changeable
        plain = {name for name in changed if all(kind.is_plain(name, inputs.get(name)) for inputs in (old, new))}
        if names := sorted(changed - plain):
            raise ResourceError(
                f"the sandbox cannot change {', '.join(names)} of {kind.type} yet: if moto can, add a Setting to its "
                "module under sandbox/aws/"
            )

    def _retag(self, kind: AwsType, region: Region, resource_id: str, old: Props, new: Props) -> None:
        assert kind.tagging  # noqa: S101 - the caller looked
        if gone := sorted(old.keys() - new.keys()):
            kind.tagging.drop(region, resource_id, gone)
        if put := {key: value for key, value in new.items() if old.get(key) != value}:
            kind.tagging.put(region, resource_id, put)


def _unhandled(kind: AwsType, inputs: Props) -> Iterator[Failure]:
    """What a creation would have to leave out: refused, because an AWS that differs from the program helps nobody."""
    for name in sorted((kind.constraints.inputs & inputs.keys()) - kind.handled):
        if not kind.is_plain(name, inputs[name]):
            reason = (
                f"the sandbox does not handle {name} of {kind.type} yet: leave it out or, if moto can, send it from "
                "the type's module under sandbox/aws/"
            )
            yield Failure(property=name, reason=reason)


def _due(kind: AwsType, setting: Setting, inputs: Props) -> bool:
    left = [name for name in setting.inputs if name in inputs and name not in kind.sent]
    return setting.clears or not all(kind.is_plain(name, inputs[name]) for name in left)


def _changed(kind: AwsType, setting: Setting, state: Props, wanted: Props) -> bool:
    """Compared with what stands, not with the old inputs: a setting that failed last time is still to be made."""
    return _never_cleared(setting, state) or any(_differs(kind, name, state, wanted) for name in setting.inputs)


def _never_cleared(setting: Setting, state: Props) -> bool:
    """A creation that was cut short before the setting leaves all of its inputs out of the state."""
    return setting.clears and not state.keys() & set(setting.inputs)


def _differs(kind: AwsType, name: str, state: Props, wanted: Props) -> bool:
    if name not in wanted:
        return name not in kind.constraints.computed and not kind.is_plain(name, state.get(name))
    if name not in state:
        return not kind.is_plain(name, wanted[name])
    return not same(kind.constraints, name, state[name], wanted[name])


def _lasting(kind: AwsType, state: Props) -> Props:
    """The outputs, and the inputs that outlast a program which no longer gives them."""
    table = kind.constraints
    return {name: value for name, value in state.items() if name not in table.inputs or name in table.computed}


def _members(kind: AwsType, found: Props, wanted: Props) -> Props:
    """The objects among the inputs, with the members that AWS adds to them."""
    owners = {path.partition(".")[0] for path in kind.constraints.computed if "." in path}
    return {name: {**found[name], **wanted[name]} for name in owners & found.keys() & wanted.keys()}


def _inputs_now(kind: AwsType, inputs: Props, found: Props) -> Props:
    """The inputs as AWS has them: those that are gone are left out, those that somebody else set are there."""
    table = kind.constraints
    now = {name: value for name, value in inputs.items() if name not in kind.readable or kind.is_plain(name, value)}
    foreign = table.inputs - table.computed if inputs else table.inputs
    foreign = {name for name in foreign & found.keys() if not kind.is_plain(name, found[name])}
    return now | {name: found[name] for name in (inputs.keys() & found.keys()) | foreign}


def _without(wanted: Props, pending: list[Setting]) -> Props:
    """What holds so far: a setting that did not come about is not in the state, so the next update applies it."""
    missing = {name for setting in pending for name in setting.inputs}
    return {name: value for name, value in wanted.items() if name not in missing}
