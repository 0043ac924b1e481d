"""What takes effect late: who is refused, who tries again until it counts, what can be asked for."""

import pytest
from moto import mock_aws

from sandbox.aws.eventual import MAKERS
from sandbox.aws.faults import LATE_CALLS, Fault, Faults
from sandbox.aws.gateway import AwsError, Gateway
from sandbox.aws.operations import require_known
from sandbox.errors import SandboxError

KEY = "arn:aws:kms:ap-south-1:123456789012:key/1908c276"
ROLE = "arn:aws:iam::123456789012:role/plane"
CLUSTER = {"roleArn": ROLE, "encryptionConfig": [{"provider": {"keyArn": KEY}}]}


def late(operation: str, calls: int = 5, **made: object) -> Faults:
    """Faults after one call of the operation, whose result takes effect so many calls later."""
    faults = Faults([Fault.parse(f"eventual:{operation}:{calls}")])
    faults.served(faults.count(operation), "ap-south-1", operation, made, {"KeyMetadata": {"KeyId": "1908c276"}})
    return faults


def test_a_cluster_whose_key_is_late_is_refused_and_not_tried_again():
    hit = late("CreateKey").hits("CreateCluster", CLUSTER)
    assert hit
    assert (hit.message, hit.retried) == ("Access denied to KMS key", False)


def test_a_cluster_whose_role_is_late_is_tried_again_until_the_role_counts():
    faults = late("CreateRole", calls=5, RoleName="plane")
    hits = [faults.hits("CreateCluster", CLUSTER, waited) for waited in (0, 4, 5)]
    assert [hit and hit.retried for hit in hits] == [True, True, None]


@mock_aws
def test_aws_refuses_a_log_group_whose_key_is_late_and_makes_it_once_the_key_counts():
    aws = Gateway(Faults([Fault.parse("eventual:CreateKey:3")])).region("ap-south-1")
    key = aws.call("kms", "CreateKey")["KeyMetadata"]["Arn"]
    with pytest.raises(AwsError, match="LOGS CreateLogGroup: InvalidParameterException: The specified KMS key"):
        aws.call("logs", "CreateLogGroup", logGroupName="shop", kmsKeyId=key)
    aws.call("kms", "DescribeKey", KeyId=key)
    aws.call("logs", "CreateLogGroup", logGroupName="shop", kmsKeyId=key)


@mock_aws
def test_flow_logs_whose_role_is_late_are_made_at_once_as_the_provider_tries_again():
    aws = Gateway(Faults([Fault.parse("eventual:CreateRole:1000")])).region("ap-south-1")
    role = aws.call("iam", "CreateRole", RoleName="writer", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    vpc = aws.call("ec2", "CreateVpc", CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = aws.call(
        "ec2",
        "CreateFlowLogs",
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName="shop",
        DeliverLogsPermissionArn=role,
    )
    assert made["FlowLogIds"]


def test_what_is_late_counts_after_as_many_calls_as_the_fault_says():
    faults = late("CreateKey", calls=2)
    faults.count("CreateSubnet")
    assert faults.hits("CreateLogGroup", {"kmsKeyId": KEY})
    faults.count("CreateSubnet")
    assert not faults.hits("CreateLogGroup", {"kmsKeyId": KEY})


def test_nobody_trips_over_what_is_late_and_not_theirs():
    faults = late("CreateKey")
    assert not faults.hits("CreateLogGroup", {"kmsKeyId": f"{KEY}0"})
    assert not faults.hits("CreateSubnet", {"kmsKeyId": KEY})


def test_an_association_that_is_late_keeps_its_cluster_shut_and_no_other():
    faults = late("AssociateAccessPolicy", clusterName="staging")
    assert faults.is_late("access", "staging")
    assert not faults.is_late("access", "prod")


@pytest.mark.parametrize("where", ["*", *MAKERS])
def test_every_maker_and_all_of_them_can_be_late(where):
    fault = Fault.parse(f"eventual:{where}")
    assert fault.calls == LATE_CALLS
    require_known([fault])


@pytest.mark.parametrize(("where", "near"), [("CreateKeys", "CreateKey"), ("CreateSubnet", "Create"), ("17", "")])
def test_what_makes_nothing_that_can_be_late_is_refused_with_what_does(where, near):
    with pytest.raises(SandboxError) as refused:
        require_known([Fault.parse(f"eventual:{where}")])
    assert repr(where) in refused.value.what
    assert all(maker in refused.value.what for maker in MAKERS)
    assert near in refused.value.remedy


def test_a_lateness_that_is_no_number_of_calls_is_refused():
    with pytest.raises(SandboxError, match="'soon' is not a number of calls"):
        Fault.parse("eventual:*:soon")
