"""EC2: a rule that stands gets another group as its peer. moto changes blocks of addresses alone."""

from typing import Any

from sandbox.aws.record import Answers, Place, Thing


def _modify(place: Place, asked: Thing) -> Thing:
    ec2: Any = place.backend
    given: list[Thing] = asked["SecurityGroupRules"]
    changes: dict[str, Thing] = {one["SecurityGroupRuleId"]: one["SecurityGroupRule"] for one in given}
    ec2.modify_security_group_rules(asked["GroupId"], changes)
    group = ec2.get_security_group_by_name_or_id(asked["GroupId"])
    for it, change in changes.items():
        rule = group.get_rule(it)
        if peer := change.get("ReferencedGroupId"):
            rule.source_group = {**rule.source_group, "GroupId": ec2.get_security_group_from_id(peer).group_id}
    return {"Return": True}


ANSWERS: Answers = {"ModifySecurityGroupRules": _modify}
