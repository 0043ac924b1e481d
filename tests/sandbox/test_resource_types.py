"""Every resource type of the simulated AWS, without the engine: made, read, changed, spoiled, repaired and deleted."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.aws.faults import Fault, Faults
from sandbox.aws.gateway import Gateway
from sandbox.aws.provider import AwsProvider
from sandbox.aws.resource import AwsType
from sandbox.aws.services import TYPES
from sandbox.aws.store import Store
from sandbox.providers.properties import Props
from sandbox.providers.provider import Call, PartialFailureError, ResourceError
from sandbox.providers.table import difference, same
from tests.support.resource_cases import CASES, FIRST, Case
from tests.support.world import REGION, World

CONFIG = {"region": REGION, "defaultTags": {"tags": {"project": "dhakacart"}}}
GATEWAY = Gateway()  # shared: its clients take longer to make than a test takes
ALWAYS_THERE = {
    "aws:acm/certificateValidation:CertificateValidation",  # a wait, which leaves nothing behind
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",  # goes with its proxy
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",  # goes with its VPC
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",  # a registry always has one
    "aws:secretsmanager/secretVersion:SecretVersion",  # the current value goes with its secret alone
    # as a bucket always has these
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketVersioning:BucketVersioning",
}
SEED = bytes.fromhex("0123456789abcdef")


class Cloud:
    """The provider as the engine would use it for one resource."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case, self.kind = case, TYPES[case.type]
        self.world, self.faults = World(), Faults()
        GATEWAY.faults = self.faults
        self.provider = AwsProvider(TYPES, GATEWAY, Store(folder / "aws.pickle", GATEWAY.lock))

    def call(self, resource_id: str = "") -> Call:
        urn = f"urn:pulumi:staging::dhaka::{self.case.type}::it"
        config = {**CONFIG, "region": self.case.region}
        return Call(type=self.case.type, urn=urn, name="it", config=config, id=resource_id)

    def check(self, given: Props) -> Props:
        inputs, failures = self.provider.check(self.call(), given, {}, SEED)
        assert not failures
        return inputs

    def create(self) -> tuple[str, Props, Props]:
        inputs = self.check(self.case.inputs(self.world))
        return *self.provider.create(self.call(), inputs), inputs

    def read(self, resource_id: str, state: Props, inputs: Props) -> tuple[Props, Props]:
        found = self.provider.read(self.call(resource_id), state, inputs)
        assert found is not None, "it is gone"
        return found

    def changes(self, old: Props, new: Props) -> dict[str, Any]:
        return dict(difference(self.kind.constraints, old, new).changed)

    def create_spoiled(self, number: int) -> tuple[str, Props, bool]:
        """Create, with that call of it failing, and go on as the engine would; last, whether it came to that call."""
        inputs, before = self.check(self.case.inputs(self.world)), self.faults.calls
        self.faults.faults = (Fault(kind="fail", where=str(before + number)),)
        try:
            resource_id, state = self.provider.create(self.call(), inputs)
            return resource_id, state, False
        except PartialFailureError as failure:
            call = self.call(failure.resource_id)
            return call.id, self.provider.update(call, failure.state, inputs, inputs), True
        except ResourceError:
            return *self.provider.create(self.call(), inputs), True
        finally:
            self.faults.faults = ()

    def stands_as(self, resource_id: str, state: Props, inputs: Props) -> bool:
        """Whether AWS, asked anew, has all of it: what the next refresh and preview would find unchanged."""
        _, now = self.read(resource_id, state, inputs)
        return not self.changes(now, inputs)


@pytest.fixture
def clouds(account: str, tmp_path: Path) -> Any:
    return lambda case: Cloud(case, tmp_path)


every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
every_tagged_type = pytest.mark.parametrize(
    "case", [case for case in FIRST if TYPES[case.type].tagging], ids=lambda case: case.type.split(":")[-1]
)
every_type = pytest.mark.parametrize("case", FIRST, ids=lambda case: case.type.split(":")[-1])


def test_every_type_and_every_input_it_handles_is_tried_here() -> None:
    world = _Anything()
    for kind in TYPES.values():
        cases = [case for case in CASES if case.type == kind.type]
        given = {name for case in cases for name in case.inputs(world)}
        changed = {name for case in cases for name in case.changes}
        assert given | changed >= kind.handled - kind.constraints.defaults.keys() - {"name", "region", "tags"}, (
            kind.type
        )
        settings = {name for setting in kind.settings if not setting.clears for name in setting.inputs}
        assert changed >= settings - _route_targets(kind), kind.type


class _Anything(World):
    """A world of which only the names matter."""

    def __getattribute__(self, name: str) -> str:
        return name


def _route_targets(kind: AwsType) -> set[str]:
    """One call changes them all, from one to another: the case does so with two of them."""
    others = {"egressOnlyGatewayId", "networkInterfaceId", "transitGatewayId", "vpcPeeringConnectionId"}
    return others if kind.type == "aws:ec2/route:Route" else set()


@every_case
def test_what_was_made_reads_back_as_it_was_asked_for(case: Case, clouds: Any) -> None:
    cloud = clouds(case)
    resource_id, state, inputs = cloud.create()
    actual, _ = cloud.read(resource_id, state, inputs)
    for name in inputs.keys() & cloud.kind.readable:
        wrong = f"{name} is {actual.get(name)!r}"
        assert same(cloud.kind.constraints, name, actual.get(name, inputs[name]), inputs[name]), wrong
    steering = inputs.keys() & cloud.kind.unread
    assert {name: actual.get(name) for name in steering} == {name: inputs[name] for name in steering}
    assert cloud.stands_as(resource_id, state, inputs)
    assert actual.keys() >= state.keys() - cloud.kind.constraints.inputs


@pytest.mark.exhaustive
@every_type
def test_a_creation_that_the_engine_never_heard_of_is_found_by_its_id_alone(case: Case, clouds: Any) -> None:
    cloud = clouds(case)
    resource_id, state, inputs = cloud.create()
    adopted, found = cloud.read(resource_id, {}, {})
    plain = {name for name, value in inputs.items() if cloud.kind.is_plain(name, value)}
    assert adopted.keys() >= state.keys() - plain - cloud.kind.unread - {"ingress", "egress"}
    assert not cloud.changes(found, inputs).keys() - plain - cloud.kind.unread
    assert cloud.stands_as(resource_id, inputs, inputs), "nor is it found by its inputs"


@every_type
def test_each_input_that_may_change_changes_in_aws(case: Case, clouds: Any) -> None:
    cloud = clouds(case)
    resource_id, state, inputs = cloud.create()
    changes = {name: make(cloud.world) for name, make in case.changes.items()}
    news = cloud.check({name: value for name, value in {**inputs, **changes}.items() if value is not None})
    before = cloud.faults.calls
    state = cloud.provider.update(cloud.call(resource_id), state, inputs, news)
    assert not changes.keys() - cloud.kind.unread or cloud.faults.calls > before
    assert cloud.stands_as(resource_id, state, news)
    _, now = cloud.read(resource_id, state, news)
    assert not {name for name, value in changes.items() if value is None} & now.keys()


@pytest.mark.parametrize("way", ["Ingress", "Egress"])
def test_a_rule_gets_another_group_as_its_peer_and_stays_the_same_rule(way: str, clouds: Any) -> None:
    name = f"SecurityGroup{way}Rule-referencedSecurityGroupId"
    cloud = clouds(next(case for case in CASES if case.name == name))
    resource_id, state, inputs = cloud.create()
    news = {**inputs, "referencedSecurityGroupId": cloud.world.group}
    state = cloud.provider.update(cloud.call(resource_id), state, inputs, news)
    assert cloud.stands_as(resource_id, state, news)
    (rule,) = cloud.world.ec2.describe_security_group_rules(SecurityGroupRuleIds=[resource_id])["SecurityGroupRules"]
    assert rule["ReferencedGroupInfo"]["GroupId"] == cloud.world.group


@pytest.mark.exhaustive
@every_tagged_type
def test_tags_are_added_changed_and_taken_away(case: Case, clouds: Any) -> None:
    cloud = clouds(case)
    resource_id, state, inputs = cloud.create()
    news = {**inputs, "tags": {"Name": "chittagong", "tier": "app"}}
    state = cloud.provider.update(cloud.call(resource_id), state, inputs, news)
    actual, now = cloud.read(resource_id, state, news)
    assert now["tags"] == {"Name": "chittagong", "tier": "app"}
    assert actual["tagsAll"] == {"project": "dhakacart", "Name": "chittagong", "tier": "app"}


@pytest.mark.exhaustive
@every_type
def test_what_is_deleted_is_gone_and_may_be_deleted_again(case: Case, clouds: Any) -> None:
    cloud = clouds(case)
    resource_id, state, _ = cloud.create()
    call = cloud.call(resource_id)
    cloud.provider.delete(call, state)
    assert (cloud.provider.read(call, state, {}) is None) is not (case.type in ALWAYS_THERE)
    cloud.provider.delete(call, state)


@every_type
def test_what_others_change_shows_after_a_refresh(case: Case, clouds: Any) -> None:
    cloud = clouds(case)
    resource_id, state, inputs = cloud.create()
    assert case.outside, "say what somebody else may do to it"
    case.outside(cloud.world, resource_id)
    found = cloud.provider.read(cloud.call(resource_id), state, inputs)
    if not case.shows:
        assert found is None
        return
    assert found is not None
    assert case.shows in cloud.changes(found[1], inputs)
    repaired = cloud.provider.update(cloud.call(resource_id), found[0], found[1], inputs)
    assert cloud.stands_as(resource_id, repaired, inputs), "an update does not put it right"


@pytest.mark.exhaustive
@every_type
def test_a_creation_that_fails_at_any_call_is_completed_by_what_the_engine_does_next(case: Case, clouds: Any) -> None:
    cloud = clouds(case)
    repaired: list[Props] = []
    spoiled = True
    while spoiled:
        resource_id, state, spoiled = cloud.create_spoiled(number=len(repaired) + 1)
        assert cloud.stands_as(resource_id, state, cloud.check(case.inputs(cloud.world))), repaired
        cloud.provider.delete(cloud.call(resource_id), state)
        repaired.append(state)
    *repaired, whole = repaired
    assert len(repaired) >= 2, "a creation makes a thing and reads it"
    for number, state in enumerate(repaired, start=1):
        assert state.keys() == whole.keys(), f"call {number} failed"
        assert state.get("egress") == whole.get("egress"), f"call {number} failed"


@pytest.mark.parametrize("state_has_inputs", [True, False])
def test_a_security_group_that_was_cut_short_before_it_was_closed_is_closed_when_adopted(
    clouds: Any, state_has_inputs: bool
) -> None:
    cloud = clouds(next(case for case in CASES if case.name == "SecurityGroup"))
    group, inputs = cloud.world.group, cloud.check({"name": "one", "description": "one", "vpcId": cloud.world.vpc})
    known = inputs if state_has_inputs else {}
    adopted, found = cloud.read(group, known, known)
    assert "egress" in cloud.provider.diff(cloud.call(group), adopted, found, inputs).changed
    cloud.provider.update(cloud.call(group), adopted, found, inputs)
    assert not cloud.world.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissionsEgress"]


def test_a_rule_of_its_own_that_lets_all_out_is_not_taken_for_an_unfinished_group(clouds: Any) -> None:
    cloud = clouds(next(case for case in CASES if case.name == "SecurityGroup"))
    group, state, inputs = cloud.create()
    everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    cloud.world.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[everything])
    refreshed, found = cloud.read(group, state, inputs)
    assert not cloud.provider.diff(cloud.call(group), refreshed, found, inputs).changed
