"""EC2: the rules of security groups, each a resource of its own."""

from sandbox.aws.checks import cidr, names
from sandbox.aws.ec2.common import EC2_TAGS, ec2_arn, tagged
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AwsType, Setting, account_id, receive, send, tag_map
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

PEERS = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")


def _peer_kind_forces_a_new_rule(old: Inputs, new: Inputs) -> frozenset[str]:
    """A rule may change its peer, not the kind of it."""
    before = {name for name in PEERS if old.get(name) is not None}
    after = {name for name in PEERS if new.get(name) is not None}
    return frozenset(before ^ after)


def _constraints(source: str) -> Constraints:
    return Constraints(
        source=source,
        inputs=names("description fromPort ipProtocol region securityGroupId tags toPort") | {*PEERS},
        required=("ipProtocol", "securityGroupId"),
        replaces=frozenset({"region", "securityGroupId"}),
        exactly_one=(PEERS,),
        ranges={"fromPort": (-1, 65_535), "toPort": (-1, 65_535)},
        checks=(cidr("cidrIpv4", 4), cidr("cidrIpv6", 6)),
        replaces_when=_peer_kind_forces_a_new_rule,
    )


PEER_SENT = {
    "cidrIpv4": ("IpRanges", "CidrIp"),
    "cidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "prefixListId": ("PrefixListIds", "PrefixListId"),
    "referencedSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
}
ALL_PORTS = -1
"""What EC2 makes of ports that are not given."""


def _read(aws: Region, rule_id: str, state: Props) -> Props | None:
    missing = ("InvalidSecurityGroupRuleId.NotFound",)
    path = "SecurityGroupRules[0]"
    rule = aws.find("ec2", "DescribeSecurityGroupRules", path, missing, SecurityGroupRuleIds=[rule_id])
    if rule is None:
        return None
    found = receive(
        rule, "IpProtocol", "CidrIpv4", "CidrIpv6", "PrefixListId", "Description", securityGroupId="GroupId"
    )
    found |= receive(rule.get("ReferencedGroupInfo", {}), referencedSecurityGroupId="GroupId")
    ports = receive(rule, "FromPort", "ToPort")
    found |= {name: port for name, port in ports.items() if name in state or port != ALL_PORTS}
    return found | {
        "securityGroupRuleId": rule_id,
        "arn": ec2_arn(aws, rule.get("GroupOwnerId", account_id(aws)), f"security-group-rule/{rule_id}"),
        "tags": tag_map(rule.get("Tags")),
    }


def _modify(aws: Region, rule_id: str, props: Props) -> None:
    rule = send(props, "ipProtocol", "cidrIpv4", "cidrIpv6", "prefixListId")
    rule |= send(props, ReferencedGroupId="referencedSecurityGroupId")
    rule |= {"FromPort": props.get("fromPort", ALL_PORTS), "ToPort": props.get("toPort", ALL_PORTS)}
    rule["Description"] = props.get("description", "")
    change = {"SecurityGroupRuleId": rule_id, "SecurityGroupRule": rule}
    aws.call("ec2", "ModifySecurityGroupRules", **send(props, GroupId="securityGroupId"), SecurityGroupRules=[change])


def _rule(direction: str, constraints: Constraints) -> AwsType:
    """Ingress and egress rules differ in the names of two calls."""

    def create(aws: Region, props: Props) -> str:
        peer, (peers, parameter) = next((name, sent) for name, sent in PEER_SENT.items() if props.get(name))
        permission = send(props, "ipProtocol", "fromPort", "toPort") | {peers: [{parameter: props[peer]}]}
        reply = aws.call(
            "ec2",
            f"AuthorizeSecurityGroup{direction}",
            **send(props, GroupId="securityGroupId"),
            IpPermissions=[permission],
            **tagged("security-group-rule", props),
        )
        return reply["SecurityGroupRules"][0]["SecurityGroupRuleId"]

    def delete(aws: Region, rule_id: str, state: Props) -> None:
        group = state["securityGroupId"]
        aws.call("ec2", f"RevokeSecurityGroup{direction}", GroupId=group, SecurityGroupRuleIds=[rule_id])

    return AwsType(
        type=f"aws:vpc/securityGroup{direction}Rule:SecurityGroup{direction}Rule",
        constraints=constraints,
        create=create,
        sent=names("fromPort ipProtocol securityGroupId toPort") | {*PEERS},
        read=_read,
        delete=delete,
        settings=(
            # Moto loses a description that comes with a group or prefix list as peer, and cannot change a list.
            Setting(inputs=("description",), apply=_modify),
            Setting(
                inputs=("cidrIpv4", "fromPort", "ipProtocol", "referencedSecurityGroupId", "toPort"), apply=_modify
            ),
        ),
        tagging=EC2_TAGS,
    )


TYPES = (
    _rule("Ingress", _constraints("internal/service/ec2/vpc_security_group_ingress_rule.go")),
    _rule("Egress", _constraints("internal/service/ec2/vpc_security_group_egress_rule.go")),
)
