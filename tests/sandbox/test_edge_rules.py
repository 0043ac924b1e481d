"""CloudFront of the sandbox: what it refuses, and in what order things come and go."""

from contextlib import nullcontext

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.cloudfront.policies import HOST_TO_BUCKET, ORIGIN_REQUEST
from sandbox.aws.faults import Fault, Faults
from sandbox.aws.gateway import AwsError, Gateway, Region
from sandbox.aws.services import TYPES
from sandbox.providers.properties import Props
from sandbox.providers.provider import ResourceError
from sandbox.providers.table import refusals, with_defaults
from tests.support.cloudfront_cases import whole
from tests.support.edge_mistakes import MISTAKES, NOT_SENT, Mistake
from tests.support.world import World

FRONT = TYPES["aws:cloudfront/distribution:Distribution"]
CONTROL = TYPES["aws:cloudfront/originAccessControl:OriginAccessControl"]


def wanted(world: World, **changes: object) -> Props:
    return with_defaults(FRONT.constraints, {**whole(world), **changes})


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.what)
def test_cloudfront_refuses(mistake: Mistake, world: World, home: Region) -> None:
    changes = mistake.change(world)
    with pytest.raises(AwsError, match=mistake.refused):
        FRONT.create(home, wanted(world, **changes))
    front = FRONT.create(home, wanted(world))
    with pytest.raises(AwsError, match=mistake.refused):
        FRONT.settings[0].apply(home, front, wanted(world, **changes))


@pytest.mark.parametrize("mistake", NOT_SENT, ids=lambda mistake: mistake.what)
def test_a_preview_refuses(mistake: Mistake, world: World) -> None:
    assert not list(refusals(FRONT.constraints, wanted(world)))
    told = list(refusals(FRONT.constraints, wanted(world, **mistake.change(world))))
    assert any(mistake.refused in one.reason for one in told)


def test_a_name_below_a_star_is_covered_and_belongs_to_one_distribution(world, home):
    FRONT.create(home, wanted(world, aliases=["shop.example", "www.shop.example"]))
    with pytest.raises(AwsError, match="CNAMEAlreadyExists: One or more of the CNAMEs"):
        FRONT.create(home, wanted(world, aliases=["www.shop.example"]))


def test_a_distribution_keeps_what_it_uses_until_it_is_disabled_and_deleted(world, home):
    front, cloudfront = FRONT.create(home, wanted(world)), world.client("cloudfront")
    with pytest.raises(AwsError, match="OriginAccessControlInUse"):
        CONTROL.delete(home, world.origin_control, {})
    with pytest.raises(ClientError, match="ResourceInUseException"):
        world.client("acm", "us-east-1").delete_certificate(CertificateArn=world.edge_certificate)
    version = cloudfront.get_distribution(Id=front)["ETag"]
    with pytest.raises(ClientError, match="DistributionNotDisabled"):
        cloudfront.delete_distribution(Id=front, IfMatch=version)
    with pytest.raises(ClientError, match="PreconditionFailed"):
        cloudfront.delete_distribution(Id=front, IfMatch=f"{version}0")
    FRONT.delete(home, front, {})
    CONTROL.delete(home, world.origin_control, {})
    world.client("acm", "us-east-1").delete_certificate(CertificateArn=world.edge_certificate)


def test_one_that_is_to_be_retained_is_only_disabled(world, home):
    front = FRONT.create(home, wanted(world))
    FRONT.delete(home, front, {"retainOnDelete": True})
    found = FRONT.read(home, front, {})
    assert found is not None
    assert found["enabled"] is False


def test_a_change_over_an_old_version_is_refused(world, home):
    front, cloudfront = FRONT.create(home, wanted(world)), world.client("cloudfront")
    found = cloudfront.get_distribution_config(Id=front)
    asked = {"Id": front, "IfMatch": found["ETag"]}
    cloudfront.update_distribution(**asked, DistributionConfig=found["DistributionConfig"])
    with pytest.raises(ClientError, match="PreconditionFailed"):
        cloudfront.update_distribution(**asked, DistributionConfig=found["DistributionConfig"])
    with pytest.raises(ClientError, match="InvalidIfMatchVersion"):
        cloudfront.delete_distribution(Id=front)


def test_the_reference_of_whoever_made_it_is_its_own_for_good(world, home):
    front, cloudfront = FRONT.create(home, wanted(world)), world.client("cloudfront")
    found = cloudfront.get_distribution_config(Id=front)
    config = found["DistributionConfig"]
    again = {"DistributionConfig": config, "Tags": {"Items": []}}
    with pytest.raises(ClientError, match="DistributionAlreadyExists"):
        cloudfront.create_distribution_with_tags(DistributionConfigWithTags=again)
    other = config | {"CallerReference": "another"}
    with pytest.raises(ClientError, match="IllegalUpdate"):
        cloudfront.update_distribution(Id=front, IfMatch=found["ETag"], DistributionConfig=other)


def test_two_controls_have_two_names(world, home):
    given = {"description": "", "originAccessControlOriginType": "s3", "signingBehavior": "always"}
    CONTROL.create(home, {**given, "name": "files", "signingProtocol": "sigv4"})
    with pytest.raises(AwsError, match="OriginAccessControlAlreadyExists"):
        CONTROL.create(home, {**given, "name": "files", "signingProtocol": "sigv4"})


def test_the_worlds_own_services_are_cut_off_with_the_region_that_answers_for_them(world):
    for where, served in (("ap-south-1", True), ("us-east-1", False)):
        gateway = Gateway(Faults([Fault(kind="cut", where=where)]))
        asked = (("cloudfront", "ListDistributions"), ("route53", "ListHostedZones"), ("iam", "ListRoles"))
        for service, operation in asked:
            with nullcontext() if served else pytest.raises(AwsError, match="no route to us-east-1"):
                gateway.region("ap-south-1").call(service, operation)


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ({"domian": "x"}, 'argument named "domian" is not expected here: Origin has none'),
        ({"originShield": [{"enabled": False}]}, "does not handle a list of OriginShield"),
    ],
)
def test_what_a_call_would_leave_out_is_refused(others, told, world, home):
    given = wanted(world)
    given["origins"][0] |= others
    with pytest.raises(ResourceError, match=told):
        FRONT.create(home, given)


def test_the_policies_that_send_the_host_are_among_those_of_requests():
    assert ORIGIN_REQUEST.keys() >= HOST_TO_BUCKET


@pytest.mark.parametrize(
    ("name", "evaluated", "refused"),
    [
        ("d111111abcdef8.cloudfront.net", True, "EvaluateTargetHealth cannot be set to true"),
        ("balancer.example", False, "does not lie within the target zone"),
    ],
)
def test_an_alias_to_a_distribution_is_refused(world, name, evaluated, refused):
    target = {"HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": name, "EvaluateTargetHealth": evaluated}
    record = {"Name": "shop.example", "Type": "AAAA", "AliasTarget": target}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    with pytest.raises(ClientError, match=refused):
        world.client("route53").change_resource_record_sets(HostedZoneId=world.hosted_zone, ChangeBatch=batch)
