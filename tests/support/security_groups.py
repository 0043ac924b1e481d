"""Who reaches whom by the security groups of AWS: a packet leaves by one's and comes in by the other's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Any

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Host:
    """Whatever has an address. What is not of the VPC has no groups, and may be in a list of AWS's own."""

    address: str
    groups: frozenset[str] = frozenset()
    prefix_list: str = ""


class SecurityGroups:
    def __init__(self, ec2: Any) -> None:
        self._all: dict[str, Any] = {one["GroupId"]: one for one in ec2.describe_security_groups()["SecurityGroups"]}

    def admit(self, source: Host, target: Host, port: int) -> bool:
        return self._lets(source, "IpPermissionsEgress", target, port) and self._lets(
            target, "IpPermissions", source, port
        )

    def _lets(self, own: Host, way: str, other: Host, port: int) -> bool:
        if not own.groups:
            return True
        return any(_opens(entry, other, port) for group in own.groups for entry in self._all[group][way])


def _opens(entry: Entry, other: Host, port: int) -> bool:
    every = entry["IpProtocol"] == "-1"
    return (every or (entry["IpProtocol"] == "tcp" and entry["FromPort"] <= port <= entry["ToPort"])) and (
        _within(other.address, (one["CidrIp"] for one in entry["IpRanges"]))
        or not other.groups.isdisjoint(one["GroupId"] for one in entry["UserIdGroupPairs"])
        or other.prefix_list in [one["PrefixListId"] for one in entry["PrefixListIds"]]
    )


def _within(address: str, blocks: Iterable[str]) -> bool:
    return any(IPv4Address(address) in IPv4Network(block) for block in blocks)
