"""What somebody deletes past Pulumi, a refresh sees and the next ``up`` makes anew; then nothing is left to change.

Every resource of the whole staging is deleted once, in rounds. No resource of a round depends on another in it, however
indirectly, so that each is deleted while all that it needs, and all that needs it, stands: as if it were alone.
"""

import os
from unittest.mock import patch

import pytest
from pulumi import automation

from sandbox.aws.census import census
from sandbox.session import Sandbox
from tests.support.aws import Aws
from tests.support.outside import TERMINATING, Resource, Standing
from tests.support.project import WHOLE, Project, preview, up
from tests.support.sampling import case, turns
from tests.support.standing import standing

pytestmark = pytest.mark.exhaustive  # twenty seconds a round

ROUNDS = 21
"""The longest chain of resources that need each other; the state says whether it still is."""
KEPT = {
    "aws:cloudfront/originAccessControl:OriginAccessControl": "OriginAccessControlInUse",
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": "ConflictException",  # has a delivery
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": "ConflictException",
    "aws:cloudwatch/eventRule:EventRule": "ValidationException",  # has targets
    "aws:ec2/eip:Eip": "InvalidIPAddress.InUse",  # a NAT gateway's
    "aws:ec2/internetGateway:InternetGateway": "DependencyViolation",  # addresses are mapped
    "aws:ec2/routeTable:RouteTable": "DependencyViolation",  # a subnet uses it
    "aws:ec2/securityGroup:SecurityGroup": "DependencyViolation",  # an endpoint is in it
    "aws:ec2/subnet:Subnet": "DependencyViolation",  # has interfaces
    "aws:ec2/vpc:Vpc": "DependencyViolation",
    "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation": "InvalidCidrBlock.InUse",  # has subnets
    "aws:eks/cluster:Cluster": "ResourceInUseException",  # has nodes
    "aws:elasticache/parameterGroup:ParameterGroup": "InvalidCacheParameterGroupState",  # the cache has it
    "aws:elasticache/subnetGroup:SubnetGroup": "CacheSubnetGroupInUse",
    "aws:elasticache/userGroup:UserGroup": "InvalidUserGroupState",
    "aws:route53/zone:Zone": "HostedZoneNotEmpty",
    "aws:rds/parameterGroup:ParameterGroup": "InvalidDBParameterGroupState",  # the database has it
    "aws:rds/subnetGroup:SubnetGroup": "InvalidDBSubnetGroupStateFault",
    "aws:wafv2/webAcl:WebAcl": "WAFAssociatedItemException",  # a distribution has it
    "aws:iam/role:Role": "DeleteConflict",  # has policies, or an instance profile
    "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass": TERMINATING,  # a node pool uses it
}
"""What AWS and Kubernetes do not let go of while something needs it, and how they say so."""
EMPTY = "network-pods-subnet-"
"""Subnets with no interface: no pods run in the sandbox."""
NOBODY = "redis-user-default"
"""The user that its group always has; any other is taken out of it."""
WITHOUT_TARGETS = "database-alarms-backed-up"
"""A rule that only counts: any other is kept by its targets."""
SECRETS_KEY = "cluster-plane-secrets-key"
"""A cluster has it for good: below."""
CLUSTER = "dhakacart-staging-aps1"


@pytest.fixture
def project(tmp_path_factory) -> Project:
    return standing(tmp_path_factory, WHOLE).project


EDGE = "us-east-1"
"""Where CloudFront has its certificate."""
BUSY = "cluster-external-secrets-release"
"""A secret that its controller looks after stands."""


def kept(one: Resource) -> str | None:
    if one.name == BUSY:
        return TERMINATING
    if one.name == NOBODY:
        return "DefaultUserAssociatedToUserGroup"
    if one.type == "aws:acm/certificate:Certificate" and one.provider["region"] == EDGE:
        return "ResourceInUseException"  # by a distribution
    return None if one.name.startswith((EMPTY, WITHOUT_TARGETS)) else KEPT.get(one.type)


def converges(sandbox: Sandbox) -> None:
    up(sandbox)
    assert preview(sandbox) == {}
    sandbox.stack("staging").destroy()
    assert sandbox.store.made() == {}
    assert census(sandbox.gateway) == set()


@pytest.mark.parametrize("turn", turns(ROUNDS))
def test_what_was_deleted_outside_is_made_anew(request, project, turn):
    number = case(request, turn, range(ROUNDS))
    with project.sandbox() as sandbox:
        stands = Standing(sandbox)
        assert len(stands.rounds) == ROUNDS
        chosen = [one for one in stands.rounds[number] if one.name != SECRETS_KEY]
        assert {one.name: stands.delete(one) for one in chosen} == {one.name: kept(one) for one in chosen}
        if all(kept(one) for one in chosen):
            return
        sandbox.stack("staging").refresh()
        converges(sandbox)


def scheduled_secrets_key(sandbox: Sandbox) -> str:
    stands = Standing(sandbox)
    (key,) = (one for some in stands.rounds for one in some if one.name == SECRETS_KEY)
    assert stands.delete(key) is None
    return key.id


def test_the_key_of_a_clusters_secrets_can_be_called_back_while_aws_waits(project):
    with project.sandbox() as sandbox:
        key, kms = scheduled_secrets_key(sandbox), Aws("ap-south-1").client("kms")
        kms.cancel_key_deletion(KeyId=key)
        kms.enable_key(KeyId=key)
        sandbox.stack("staging").refresh()
        assert preview(sandbox) == {}


def test_a_cluster_whose_key_is_gone_is_kept_until_somebody_deletes_it_and_then_made_anew(project):
    with project.sandbox() as sandbox:
        scheduled_secrets_key(sandbox)
        sandbox.stack("staging").refresh()
        assert preview(sandbox)["cluster-plane-control-plane-eksCluster"] in {"replace", "create-replacement"}
        with pytest.raises(automation.CommandError, match="Cluster already exists with name"):
            up(sandbox)
        eks = Aws("ap-south-1").client("eks")
        for group in eks.list_nodegroups(clusterName=CLUSTER)["nodegroups"]:
            eks.delete_nodegroup(clusterName=CLUSTER, nodegroupName=group)
        eks.delete_cluster(name=CLUSTER)
        with patch.dict(os.environ, {"PULUMI_K8S_DELETE_UNREACHABLE": "true"}):
            sandbox.stack("staging").refresh()
            converges(sandbox)
