"""EC2: launch templates. Every change of what they launch is a version of its own."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any, cast

from sandbox.aws.checks import UNIQUE_SUFFIX, names
from sandbox.aws.ec2.common import EC2_TAGS, ec2_arn, tagged
from sandbox.aws.gateway import Region
from sandbox.aws.resource import (
    AutoName,
    AwsType,
    Census,
    Setting,
    account_id,
    receive,
    send,
    tag_list,
    tag_map,
    titled,
)
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

NAME_LENGTH = 128
NAME = re.compile(r"[0-9A-Za-z()./_-]*")
YES_OR_NO = ("", "false", "true")
"""How the provider spells a truth value that may also be left to AWS."""
VOLUME_TYPES = ("standard", "io1", "io2", "gp2", "sc1", "st1", "gp3")
ON_OFF = ("enabled", "disabled")
DISK_SWITCHES = ("deleteOnTermination", "encrypted")
LAUNCHED = (
    "blockDeviceMappings",
    "ebsOptimized",
    "imageId",
    "instanceType",
    "keyName",
    "metadataOptions",
    "monitoring",
)
DATA = (*LAUNCHED, "tagSpecifications", "userData", "vpcSecurityGroupIds")
NEVER = ("InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.Malformed")


def _name(inputs: Inputs) -> str | None:
    for field in ("name", "namePrefix"):
        value = inputs.get(field)
        if isinstance(value, str) and not NAME.fullmatch(value):
            return f'"{field}" can only alphanumeric characters and ()./_- symbols, got "{value}"'
    return None


def _user_data(inputs: Inputs) -> str | None:
    text = inputs.get("userData")
    try:
        base64.b64decode(text or "", validate=True)
    except binascii.Error as error:
        return f'"userData" must be encoded in base64: {error}'
    return None


LAUNCH_TEMPLATE = Constraints(
    source="internal/service/ec2/ec2_launch_template.go",
    inputs=names(
        "blockDeviceMappings capacityReservationSpecification cpuOptions creditSpecification defaultVersion",
        "description disableApiStop disableApiTermination ebsOptimized enclaveOptions hibernationOptions",
        "iamInstanceProfile imageId instanceInitiatedShutdownBehavior instanceMarketOptions instanceRequirements",
        "instanceType kernelId keyName licenseSpecifications maintenanceOptions metadataOptions monitoring name",
        "namePrefix networkInterfaces networkPerformanceOptions placement privateDnsNameOptions ramDiskId region",
        "secondaryInterfaces securityGroupNames tagSpecifications tags updateDefaultVersion userData",
        "vpcSecurityGroupIds",
    ),
    replaces=names("name namePrefix region"),
    conflicts=(
        ("defaultVersion", "updateDefaultVersion"),
        ("instanceRequirements", "instanceType"),
        ("name", "namePrefix"),
        ("securityGroupNames", "vpcSecurityGroupIds"),
    ),
    values={
        "blockDeviceMappings.ebs.deleteOnTermination": YES_OR_NO,
        "blockDeviceMappings.ebs.encrypted": YES_OR_NO,
        "blockDeviceMappings.ebs.volumeType": VOLUME_TYPES,
        "ebsOptimized": YES_OR_NO,
        "instanceInitiatedShutdownBehavior": ("stop", "terminate"),
        "metadataOptions.httpEndpoint": ON_OFF,
        "metadataOptions.httpProtocolIpv6": ON_OFF,
        "metadataOptions.httpTokens": ("optional", "required"),
        "metadataOptions.instanceMetadataTags": ON_OFF,
    },
    ranges={
        "blockDeviceMappings.ebs.throughput": (125, 2000),
        "description": (0, 255),
        "metadataOptions.httpPutResponseHopLimit": (1, 64),
        "name": (3, NAME_LENGTH),
        "namePrefix": (3, NAME_LENGTH - UNIQUE_SUFFIX - 3),
    },
    computed=names(
        "defaultVersion metadataOptions metadataOptions.httpEndpoint metadataOptions.httpProtocolIpv6",
        "metadataOptions.httpPutResponseHopLimit metadataOptions.httpTokens metadataOptions.instanceMetadataTags",
        "name namePrefix",
    ),
    sets=frozenset({"vpcSecurityGroupIds"}),
    checks=(_name, _user_data),
    delete_before_replace=True,
)


def _data(props: Props) -> dict[str, Any]:
    """What the template launches, as EC2 spells it."""
    data = {titled(name): _spelt(name, props[name]) for name in LAUNCHED if props.get(name) not in (None, "")}
    data |= send(props, UserData="userData", SecurityGroupIds="vpcSecurityGroupIds")
    if specifications := props.get("tagSpecifications"):
        data["TagSpecifications"] = [
            {"ResourceType": one["resourceType"], "Tags": tag_list(one.get("tags"))} for one in specifications
        ]
    return data


def _spelt(name: str, value: Any) -> Any:
    """A value at any depth, in EC2's spelling."""
    if name in {"ebsOptimized", *DISK_SWITCHES}:
        return value == "true"
    if isinstance(value, list):
        return [_spelt(name, item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        members = cast("Mapping[str, Any]", value)
        return {titled(key): _spelt(key, inner) for key, inner in members.items() if inner not in (None, "")}
    return value


def _unspelt(name: str, value: Any) -> Any:
    """And back."""
    if name in {"EbsOptimized", *map(titled, DISK_SWITCHES)}:
        return str(value).lower()
    if isinstance(value, list):
        return [_unspelt(name, item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        members = cast("Mapping[str, Any]", value)
        return {key[0].lower() + key[1:]: _unspelt(key, inner) for key, inner in members.items()}
    return value


def _create(aws: Region, props: Props) -> str:
    asked = send(props, LaunchTemplateName="name", VersionDescription="description") | tagged("launch-template", props)
    made = aws.call("ec2", "CreateLaunchTemplate", **asked, LaunchTemplateData=_data(props))
    return made["LaunchTemplate"]["LaunchTemplateId"]


def _read(aws: Region, it: str, state: Props) -> Props | None:
    template = aws.find("ec2", "DescribeLaunchTemplates", "LaunchTemplates[0]", NEVER, LaunchTemplateIds=[it])
    if template is None:
        return None
    path = "LaunchTemplateVersions[0]"
    latest = aws.find("ec2", "DescribeLaunchTemplateVersions", path, LaunchTemplateId=it, Versions=["$Latest"])
    data = latest["LaunchTemplateData"]
    numbers = receive(template, defaultVersion="DefaultVersionNumber", latestVersion="LatestVersionNumber")
    return {
        **{name: _unspelt(titled(name), data[titled(name)]) for name in LAUNCHED if titled(name) in data},
        **receive(data, vpcSecurityGroupIds="SecurityGroupIds", userData="UserData"),
        **receive(latest, description="VersionDescription"),
        **numbers,
        "arn": ec2_arn(aws, account_id(aws), f"launch-template/{it}"),
        "name": template["LaunchTemplateName"],
        "tagSpecifications": [
            {"resourceType": one["ResourceType"], "tags": tag_map(one["Tags"])}
            for one in data.get("TagSpecifications", ())
            if one["ResourceType"] != "launch-template"  # the template's own tags, which moto puts there
        ],
        "tags": tag_map(aws.find("ec2", "DescribeTags", "Tags", Filters=[{"Name": "resource-id", "Values": [it]}])),
    }


def _new_version(aws: Region, it: str, props: Props) -> None:
    asked = send(props, VersionDescription="description")
    made = aws.call("ec2", "CreateLaunchTemplateVersion", LaunchTemplateId=it, **asked, LaunchTemplateData=_data(props))
    if props.get("updateDefaultVersion"):
        _make_default(aws, it, made["LaunchTemplateVersion"]["VersionNumber"])


def _make_default(aws: Region, it: str, version: int) -> None:
    aws.call("ec2", "ModifyLaunchTemplate", LaunchTemplateId=it, DefaultVersion=str(version))


def _follow(aws: Region, it: str, props: Props) -> None:
    path = "LaunchTemplates[0].LatestVersionNumber"
    if props.get("updateDefaultVersion"):
        _make_default(aws, it, aws.find("ec2", "DescribeLaunchTemplates", path, LaunchTemplateIds=[it]))


CONTENT = frozenset({*DATA, "description"})
TYPES = (
    AwsType(
        type="aws:ec2/launchTemplate:LaunchTemplate",
        constraints=LAUNCH_TEMPLATE,
        create=_create,
        sent=CONTENT | {"name", "updateDefaultVersion"},
        unread=frozenset({"updateDefaultVersion"}),
        read=_read,
        delete=lambda aws, it, _: aws.call("ec2", "DeleteLaunchTemplate", LaunchTemplateId=it),
        settings=(
            Setting(inputs=tuple(sorted(CONTENT)), apply=_new_version),
            Setting(inputs=("updateDefaultVersion",), apply=_follow),
        ),
        follows={"latestVersion": CONTENT, "defaultVersion": CONTENT},
        tagging=EC2_TAGS,
        census=Census(service="ec2", operation="DescribeLaunchTemplates", path="LaunchTemplates[].LaunchTemplateId"),
        auto_name=AutoName(max_length=NAME_LENGTH),
    ),
)
