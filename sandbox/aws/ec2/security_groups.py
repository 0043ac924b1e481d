"""EC2: security groups."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.aws.checks import UNIQUE_SUFFIX, matches, names, network_fault
from sandbox.aws.ec2.common import EC2_TAGS, ec2_arn, tagged
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, receive, send, tag_map
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

NAME_LENGTH = 255
ALL_PROTOCOLS = ("-1", "all")
NOT_AN_ID = re.compile(r"(?!sg-).*", re.DOTALL)
RULE_TEXT = re.compile(r"[A-Za-z0-9 ._\-:/()#,@\[\]+=&;{}!$*]*")


def _inline_rules(inputs: Inputs) -> str | None:
    for direction in ("ingress", "egress"):
        for index, rule in enumerate(inputs.get(direction) or []):
            if fault := _rule_fault(rule):
                return f"{direction}[{index}]: {fault}"
    return None


def _rule_fault(rule: dict[str, Any]) -> str | None:
    for name in ("fromPort", "protocol", "toPort"):
        if rule.get(name) is None:
            return f'the argument "{name}" is required, but no definition was found'
    text = rule.get("description") or ""
    if not RULE_TEXT.fullmatch(text):
        return f'"description" doesn\'t comply with restrictions ("{RULE_TEXT.pattern}"): "{text}"'
    ports = rule["fromPort"], rule["toPort"]
    if str(rule["protocol"]).lower() in ALL_PROTOCOLS and ports != (0, 0):
        return f"fromPort ({ports[0]}) and toPort ({ports[1]}) must both be 0 to use the 'ALL' \"-1\" protocol"
    blocks = [("cidrBlocks", 4, block) for block in rule.get("cidrBlocks") or ()]
    blocks += [("ipv6CidrBlocks", 6, block) for block in rule.get("ipv6CidrBlocks") or ()]
    faults = (f"{name}: {fault}" for name, version, block in blocks if (fault := network_fault(block, version)))
    return next(faults, None)


SECURITY_GROUP = Constraints(
    source="internal/service/ec2/vpc_security_group.go",
    inputs=names(
        "description egress ingress name namePrefix region revokeRulesOnDelete tags vpcId",
    ),
    replaces=frozenset({"description", "name", "namePrefix", "region", "vpcId"}),
    conflicts=(("name", "namePrefix"),),
    ranges={
        "description": (0, 255),
        "egress.description": (0, 255),
        "ingress.description": (0, 255),
        "name": (0, NAME_LENGTH),
        "namePrefix": (0, NAME_LENGTH - UNIQUE_SUFFIX),
    },
    defaults={"description": "Managed by Pulumi", "revokeRulesOnDelete": False},
    computed=frozenset({"egress", "ingress", "name", "namePrefix", "vpcId"}),
    sets=frozenset({"egress", "ingress"}),
    checks=(
        matches("name", NOT_AN_ID, "cannot begin with sg-"),
        matches("namePrefix", NOT_AN_ID, "cannot begin with sg-"),
        _inline_rules,
    ),
    delete_before_replace=True,
)

DEFAULT_SECURITY_GROUP = Constraints(
    source="internal/service/ec2/vpc_default_security_group.go",
    inputs=frozenset({"egress", "ingress", "region", "revokeRulesOnDelete", "tags", "vpcId"}),
    replaces=frozenset({"region", "vpcId"}),
    ranges={"egress.description": (0, 255), "ingress.description": (0, 255)},
    defaults={"revokeRulesOnDelete": False},
    computed=frozenset({"egress", "ingress", "vpcId"}),
    sets=frozenset({"egress", "ingress"}),
    checks=(_inline_rules,),
)


def _create_security_group(aws: Region, props: Props) -> str:
    parameters = send(props, "description", "vpcId", GroupName="name")
    return aws.call("ec2", "CreateSecurityGroup", **parameters, **tagged("security-group", props))["GroupId"]


def _find_default_group(aws: Region, props: Props) -> str:
    vpc = props.get("vpcId") or aws.find("ec2", "DescribeVpcs", "Vpcs[?IsDefault] | [0].VpcId")
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    group_id = aws.find("ec2", "DescribeSecurityGroups", "SecurityGroups[0].GroupId", Filters=filters)
    if props.get("tagsAll"):
        EC2_TAGS.put(aws, group_id, props["tagsAll"])
    return group_id


def _describe(aws: Region, group_id: str) -> Any:
    missing = ("InvalidGroup.NotFound",)
    return aws.find("ec2", "DescribeSecurityGroups", "SecurityGroups[0]", missing, GroupIds=[group_id])


def _close(aws: Region, group_id: str, props: Props) -> None:
    """Take every rule away: of a new group, what EC2 allows unasked."""
    group = _describe(aws, group_id)
    if inward := group["IpPermissions"]:
        aws.call("ec2", "RevokeSecurityGroupIngress", GroupId=group_id, IpPermissions=inward)
    if outward := group["IpPermissionsEgress"]:
        aws.call("ec2", "RevokeSecurityGroupEgress", GroupId=group_id, IpPermissions=outward)


def _read(aws: Region, group_id: str, state: Props) -> Props | None:
    group = _describe(aws, group_id)
    if group is None:
        return None
    found = receive(group, "VpcId", "Description", "OwnerId", name="GroupName") | {
        "arn": ec2_arn(aws, group["OwnerId"], f"security-group/{group_id}"),
        "ingress": [_inline(rule, group_id) for rule in group["IpPermissions"]],
        "egress": [_inline(rule, group_id) for rule in group["IpPermissionsEgress"]],
        "tags": tag_map(group.get("Tags")),
    }
    if "egress" not in state and not found["ingress"] and found["egress"] == [ALL_OUT]:
        # As EC2 makes it: the creation was cut short before the rule was taken away, and an update goes on from here.
        del found["ingress"], found["egress"]
    return found


def _inline(rule: Mapping[str, Any], group_id: str) -> Props:
    """A permission as the group's own ``ingress`` and ``egress`` spell it."""
    groups = [pair["GroupId"] for pair in rule.get("UserIdGroupPairs", ())]
    unlimited = rule["IpProtocol"] == "-1"
    return {
        "protocol": rule["IpProtocol"],
        "fromPort": 0 if unlimited else rule.get("FromPort", 0),
        "toPort": 0 if unlimited else rule.get("ToPort", 0),
        "cidrBlocks": [block["CidrIp"] for block in rule.get("IpRanges", ())],
        "ipv6CidrBlocks": [block["CidrIpv6"] for block in rule.get("Ipv6Ranges", ())],
        "prefixListIds": [prefixes["PrefixListId"] for prefixes in rule.get("PrefixListIds", ())],
        "securityGroups": [group for group in groups if group != group_id],
        "self": group_id in groups,
    }


ALL_OUT = _inline({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}, "")
WITHOUT_RULES = Setting(inputs=("egress", "ingress"), apply=_close, clears=True)


def _delete(aws: Region, group_id: str, state: Props) -> None:
    if state.get("revokeRulesOnDelete"):
        _close(aws, group_id, state)
    aws.call("ec2", "DeleteSecurityGroup", GroupId=group_id)


TYPES = (
    AwsType(
        type="aws:ec2/securityGroup:SecurityGroup",
        constraints=SECURITY_GROUP,
        create=_create_security_group,
        sent=names("description name vpcId"),
        unread=frozenset({"revokeRulesOnDelete"}),
        read=_read,
        delete=_delete,
        settings=(WITHOUT_RULES,),
        tagging=EC2_TAGS,
        census=Census(
            service="ec2",
            operation="DescribeSecurityGroups",
            # EKS makes a group of its own beside each cluster, and takes it away with it.
            path="SecurityGroups[?GroupName!='default' && !(Tags[?Key=='aws:eks:cluster-name'])].GroupId",
        ),
        auto_name=AutoName(max_length=NAME_LENGTH),
    ),
    AwsType(
        type="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        constraints=DEFAULT_SECURITY_GROUP,
        create=_find_default_group,
        sent=frozenset({"vpcId"}),
        unread=frozenset({"revokeRulesOnDelete"}),
        read=_read,
        settings=(WITHOUT_RULES,),
        delete=lambda aws, group_id, state: None,  # it goes with its VPC
        tagging=EC2_TAGS,
    ),
)
