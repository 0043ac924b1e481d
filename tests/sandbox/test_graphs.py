"""The resource graph of each stack, reviewed: a change of it is a change of what stands on AWS.

After a change that is meant: ``make graphs``, and read the diff.
"""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.graph import name_of, render, resource_graph
from tests.support.project import WHOLE, Project
from tests.support.stacks import STACKS

GRAPHS = Path(__file__).parent / "graphs"
COPIED_KEY = "aws:kms/replicaKey:ReplicaKey"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"  # without it nobody reaches the shop
ZONE = "aws:route53/zone:Zone"  # a new one has other name servers, to which nobody points
STATEFUL = {
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    "aws:ecr/repository:Repository",
    "aws:eks/cluster:Cluster",
    "aws:kms/alias:Alias",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:kms/key:Key",
    COPIED_KEY,
    DISTRIBUTION,
    ZONE,
    "aws:rds/instance:Instance",
    "aws:secretsmanager/secret:Secret",
    "aws:secretsmanager/secretVersion:SecretVersion",
    "random:index/randomPassword:RandomPassword",
    "aws:s3/bucket:Bucket",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketVersioning:BucketVersioning",
    "kubernetes:core/v1:Namespace",  # of the logs: with it go its volumes
    "kubernetes:elasticsearch.k8s.elastic.co/v1:Elasticsearch",
}
OF_THE_CLUSTER = {"eks:index:Cluster", "pulumi:providers:kubernetes"}  # its component protects all that it makes
AUTOMATIC_NAME = re.compile(r'("[a-z0-9-]+)-[0-9a-f]{7}"')


@pytest.fixture(scope="module", params=STACKS)
def graph(request, tmp_path_factory):
    with Project(tmp_path_factory.mktemp("graphs"), WHOLE).sandbox() as sandbox:
        return request.param, resource_graph(sandbox, request.param)


def test_the_graph_is_the_reviewed_one(graph):
    stack, nodes = graph
    path = GRAPHS / f"{stack}.txt"
    text = AUTOMATIC_NAME.sub(r'\1-*"', render(nodes))
    if os.environ.get("UPDATE_GRAPHS"):
        path.write_text(text)
    assert text == path.read_text(), f"{stack} is another graph than {path.name}: run `make graphs` and read the diff"


def test_every_resource_of_aws_uses_the_stacks_own_provider(graph):
    _, nodes = graph
    made = [(_by(node), name_of(node["urn"])) for node in nodes if node["type"].startswith("aws:")]
    assert {provider for provider, _ in made} <= {"aws", "aws-global"}
    of_no_region = {name for provider, name in made if provider == "aws-global"}
    assert of_no_region == {name for _, name in made if name.startswith(("cdn-", "outside-checks-", "alarms-abroad-"))}


def _by(node: dict[str, Any]) -> str:
    """The provider that makes it."""
    return name_of(node["provider"].rsplit("::", 1)[0])


def test_what_holds_data_is_protected_in_production_only(graph):
    stack, nodes = graph
    protected = {node["type"] for node in nodes if node.get("protect")}
    # The first stack makes the zone, the CDN and the passwords, and copies their key.
    elsewhere = {COPIED_KEY, DISTRIBUTION, ZONE} if stack == "prod-dr" else set()
    assert protected == (set() if stack == "staging" else STATEFUL - elsewhere | OF_THE_CLUSTER)


def test_a_nat_gateway_waits_for_the_internet_gateway(graph):
    _, nodes = graph
    gateways = [node for node in nodes if node["type"] == "aws:ec2/natGateway:NatGateway"]
    assert gateways
    for gateway in gateways:
        assert "network-vpc-internet" in {name_of(urn) for urn in gateway["dependencies"]}


def test_pod_subnets_wait_for_the_pods_address_block(graph):
    _, nodes = graph
    for node in nodes:
        if node["type"] == "aws:ec2/subnet:Subnet" and "pods" in name_of(node["urn"]):
            assert {name_of(urn) for urn in node["dependencies"]} == {"network-vpc-pods"}


def test_the_flow_log_waits_until_its_role_may_write(graph):
    _, nodes = graph
    (flow_log,) = [node for node in nodes if node["type"] == "aws:ec2/flowLog:FlowLog"]
    assert "network-flow-logs-write" in {name_of(urn) for urn in flow_log["dependencies"]}
