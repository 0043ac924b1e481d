"""Route 53: public hosted zones."""

import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.aws.checks import names
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AutoName, AwsType, Census, Setting, Tagging, tag_list, tag_map
from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props

GONE = ("NoSuchHostedZone",)
PREFIX = "/hostedzone/"
ITS_OWN = ("NS", "SOA")

ZONE = Constraints(
    source="internal/service/route53/zone.go",
    inputs=names("comment delegationSetId enableAcceleratedRecovery forceDestroy name tags vpcs"),
    replaces=names("delegationSetId name"),
    conflicts=(("delegationSetId", "vpcs"),),
    ranges={"comment": (0, 256), "delegationSetId": (0, 32), "name": (1, 1024)},
    defaults={"comment": "Managed by Pulumi", "forceDestroy": False},
    computed=frozenset({"enableAcceleratedRecovery"}),
    sets=frozenset({"vpcs"}),
    delete_before_replace=True,
    suppressed_when=lambda name, old, new: name == "name" and old[name].rstrip(".") == new[name].rstrip("."),
)


def _create(aws: Region, props: Props) -> str:
    config = {"Comment": props["comment"], "PrivateZone": False}
    asked = {"Name": props["name"], "CallerReference": str(uuid.uuid4()), "HostedZoneConfig": config}
    it = aws.call("route53", "CreateHostedZone", **asked)["HostedZone"]["Id"].removeprefix(PREFIX)
    _tag(aws, it, props.get("tagsAll", {}))
    return it


def _read(aws: Region, it: str, state: Props) -> Props | None:
    found = aws.find("route53", "GetHostedZone", "@", GONE, Id=it)
    if found is None:
        return None
    servers: list[str] = found["DelegationSet"]["NameServers"]
    listed = aws.find("route53", "ListTagsForResource", "ResourceTagSet.Tags", ResourceType="hostedzone", ResourceId=it)
    return {
        "arn": f"arn:aws:route53:::hostedzone/{it}",
        "comment": found["HostedZone"]["Config"].get("Comment", ""),
        "name": found["HostedZone"]["Name"].rstrip("."),
        "nameServers": sorted(servers),
        "primaryNameServer": servers[0],
        "zoneId": it,
        "tags": tag_map(listed),
    }


def _describe(aws: Region, it: str, props: Props) -> None:
    aws.call("route53", "UpdateHostedZoneComment", Id=it, Comment=props["comment"])


def _tag(aws: Region, it: str, tags: Mapping[str, str]) -> None:
    asked: dict[str, Any] = {"ResourceType": "hostedzone", "ResourceId": it}
    if tags:
        aws.call("route53", "ChangeTagsForResource", **asked, AddTags=tag_list(tags))


def _untag(aws: Region, it: str, gone: list[str]) -> None:
    aws.call("route53", "ChangeTagsForResource", ResourceType="hostedzone", ResourceId=it, RemoveTagKeys=gone)


def _delete(aws: Region, it: str, state: Props) -> None:
    if state.get("forceDestroy"):
        _empty(aws, it)
    aws.find("route53", "DeleteHostedZone", "@", GONE, Id=it)


def _empty(aws: Region, it: str) -> None:
    records: list[dict[str, Any]] | None = aws.find(
        "route53", "ListResourceRecordSets", "ResourceRecordSets", GONE, HostedZoneId=it
    )
    changes = [{"Action": "DELETE", "ResourceRecordSet": one} for one in records or [] if one["Type"] not in ITS_OWN]
    if changes:
        aws.call("route53", "ChangeResourceRecordSets", HostedZoneId=it, ChangeBatch={"Changes": changes})


TYPES = (
    AwsType(
        type="aws:route53/zone:Zone",
        constraints=ZONE,
        create=_create,
        sent=names("comment name"),
        read=_read,
        delete=_delete,
        settings=(Setting(inputs=("comment",), apply=_describe),),
        unread=frozenset({"forceDestroy"}),
        tagging=Tagging(put=_tag, drop=_untag),
        auto_name=AutoName(max_length=255),
        census=Census(service="route53", operation="ListHostedZones", path="HostedZones[].Id", prefix=PREFIX),
    ),
)
