"""EC2: flow logs."""

from sandbox.aws.checks import arn, names
from sandbox.aws.ec2.common import EC2_TAGS, ec2_arn, tagged
from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.resource import AwsType, Census, account_id, receive, send, tag_map
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

FLOW_SOURCES = (
    "eniId",
    "regionalNatGatewayId",
    "subnetId",
    "vpcId",
    "transitGatewayId",
    "transitGatewayAttachmentId",
)

IMMUTABLE = frozenset(FLOW_SOURCES) | names(
    "deliverCrossAccountRole destinationOptions iamRoleArn logDestination logDestinationType",
    "logFormat maxAggregationInterval region tagFieldSpecifications trafficType",
)

FLOW_LOG = Constraints(
    source="internal/service/ec2/vpc_flow_log.go",
    inputs=IMMUTABLE | {"tags"},
    replaces=IMMUTABLE,
    exactly_one=(FLOW_SOURCES,),
    values={
        "destinationOptions.fileFormat": ("plain-text", "parquet"),
        "logDestinationType": ("cloud-watch-logs", "s3", "kinesis-data-firehose"),
        "maxAggregationInterval": (60, 600),
        "tagFieldSpecifications.resourceType": ("instance", "network-interface", "auto-scaling-group"),
        "trafficType": ("ACCEPT", "REJECT", "ALL"),
    },
    defaults={"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600},
    computed=frozenset({"logDestination", "logFormat"}),
    sets=frozenset({"tagFieldSpecifications"}),
    checks=(arn("deliverCrossAccountRole"), arn("iamRoleArn"), arn("logDestination")),
)


SUBJECTS = {"vpcId": "VPC", "subnetId": "Subnet", "eniId": "NetworkInterface"}
"""What may be logged so far, and what CreateFlowLogs calls it."""
SENT_BY_NAME = names("logDestination logDestinationType logFormat maxAggregationInterval trafficType")


def _create(aws: Region, props: Props) -> str:
    subject = next(name for name in SUBJECTS if props.get(name))
    parameters = send(props, *SENT_BY_NAME, DeliverLogsPermissionArn="iamRoleArn")
    reply = aws.call(
        "ec2",
        "CreateFlowLogs",
        ResourceIds=[props[subject]],
        ResourceType=SUBJECTS[subject],
        **parameters,
        **tagged("vpc-flow-log", props),
    )
    if refused := reply.get("Unsuccessful"):
        error = refused[0]["Error"]
        raise AwsError("ec2", "CreateFlowLogs", error["Code"], error["Message"])
    return reply["FlowLogIds"][0]


def _read(aws: Region, flow_log_id: str, state: Props) -> Props | None:
    missing = ("InvalidFlowLogId.NotFound",)
    flow_log = aws.find("ec2", "DescribeFlowLogs", "FlowLogs[0]", missing, FlowLogIds=[flow_log_id])
    if flow_log is None:
        return None
    names = ("TrafficType", "LogDestination", "LogDestinationType", "LogFormat", "MaxAggregationInterval")
    found = receive(flow_log, *names, iamRoleArn="DeliverLogsPermissionArn")
    kind, _, _ = flow_log["ResourceId"].partition("-")
    found[f"{kind}Id"] = flow_log["ResourceId"]  # vpc-…, subnet-… and eni-… name the input they came by
    arn = ec2_arn(aws, account_id(aws), f"vpc-flow-log/{flow_log_id}")
    return found | {"arn": arn, "tags": tag_map(flow_log.get("Tags"))}


TYPES = (
    AwsType(
        type="aws:ec2/flowLog:FlowLog",
        constraints=FLOW_LOG,
        create=_create,
        sent=SENT_BY_NAME | SUBJECTS.keys() | {"iamRoleArn"},
        read=_read,
        delete=lambda aws, flow_log_id, _: aws.call("ec2", "DeleteFlowLogs", FlowLogIds=[flow_log_id]),
        tagging=EC2_TAGS,
        census=Census(service="ec2", operation="DescribeFlowLogs", path="FlowLogs[].FlowLogId"),
    ),
)
