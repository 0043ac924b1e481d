"""Route 53: records of a zone, plain ones and aliases, alone or in a pair of which one stands in for the other."""

from typing import Any

from sandbox.aws.checks import names
from sandbox.aws.gateway import Region
from sandbox.aws.resource import AwsType, Setting, receive
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

GONE = ("NoSuchHostedZone",)
POLICIES = (
    *("cidrRoutingPolicy", "failoverRoutingPolicies", "geolocationRoutingPolicies", "geoproximityRoutingPolicy"),
    *("latencyRoutingPolicies", "multivalueAnswerRoutingPolicy", "weightedRoutingPolicies"),
)
KINDS = (
    *("A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "SVCB"),
    *("TLSA", "TXT"),
)
VALUES = names("aliases healthCheckId records ttl")
PLACE = names("failoverRoutingPolicies setIdentifier")


def _one_policy(inputs: Inputs) -> str | None:
    given = [name for name in POLICIES if inputs.get(name)]
    return f'"{given[0]}": conflicts with {given[1]}' if len(given) > 1 else None


def _same_name(name: str, old: Inputs, new: Inputs) -> bool:
    return name == "name" and _bare(old[name]) == _bare(new[name])


RECORD = Constraints(
    source="internal/service/route53/record.go",
    inputs=VALUES | names("allowOverwrite name setIdentifier type zoneId") | frozenset(POLICIES),
    required=("name", "type", "zoneId"),
    replaces=names("name zoneId"),
    exactly_one=(("aliases", "records"),),
    conflicts=(("aliases", "ttl"),),
    together={"ttl": ("records",), **dict.fromkeys(POLICIES, ("setIdentifier",))},
    values={"failoverRoutingPolicies.type": ("PRIMARY", "SECONDARY"), "type": KINDS},
    ranges={"aliases.name": (1, 1024), "aliases.zoneId": (1, 32)},
    computed=frozenset({"allowOverwrite"}),
    sets=frozenset({"records"}),
    suppressed_when=_same_name,
    checks=(_one_policy,),
    delete_before_replace=True,
)


def _bare(name: str) -> str:
    """As the provider has names: without the dot at the end, which ACM's have."""
    return name.rstrip(".").lower()


def _wanted(props: Props) -> dict[str, Any]:
    record: dict[str, Any] = {"Name": _bare(props["name"]), "Type": props["type"]}
    if props.get("records"):
        record |= {"TTL": props["ttl"], "ResourceRecords": [{"Value": value} for value in props["records"]]}
    for alias in props.get("aliases", []):
        record["AliasTarget"] = {
            "DNSName": _bare(alias["name"]),
            "HostedZoneId": alias["zoneId"],
            "EvaluateTargetHealth": alias["evaluateTargetHealth"],
        }
    for policy in props.get("failoverRoutingPolicies", []):
        record["Failover"] = policy["type"]
    given = {"SetIdentifier": props.get("setIdentifier"), "HealthCheckId": props.get("healthCheckId")}
    return record | {member: value for member, value in given.items() if value}


def _send(aws: Region, zone: str, *changes: tuple[str, dict[str, Any]]) -> None:
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}
    aws.call("route53", "ChangeResourceRecordSets", HostedZoneId=zone, ChangeBatch=batch)


def _create(aws: Region, props: Props) -> str:
    _send(aws, props["zoneId"], ("UPSERT" if props.get("allowOverwrite") else "CREATE", _wanted(props)))
    return f"{props['zoneId']}_{_rest(props)}"


def _rest(props: Props) -> str:
    """What follows the zone in an id."""
    return "_".join([_bare(props["name"]), props["type"], *filter(None, [props.get("setIdentifier")])])


def _listed(aws: Region, it: str) -> dict[str, dict[str, Any]]:
    """What stands in the zone, by what follows it in an id."""
    found: list[dict[str, Any]] | None = aws.find(
        "route53", "ListResourceRecordSets", "ResourceRecordSets", GONE, HostedZoneId=it.partition("_")[0]
    )
    return {_rest(receive(one, "Name", "Type", "SetIdentifier")): one for one in found or []}


def _find(aws: Region, it: str, state: Props) -> dict[str, Any] | None:
    """By what is known of it; else by the id, which keeps the place that it was made in."""
    return _listed(aws, it).get(_rest(state) if "name" in state else it.partition("_")[2])


def _read(aws: Region, it: str, state: Props) -> Props | None:
    found = _find(aws, it, state)
    if found is None:
        return None
    props: Props = {"fqdn": _bare(found["Name"]), "name": _bare(found["Name"]), "type": found["Type"]}
    props["zoneId"] = it.partition("_")[0]
    if "ResourceRecords" in found:
        props |= {"ttl": found["TTL"], "records": [one["Value"] for one in found["ResourceRecords"]]}
    if target := found.get("AliasTarget"):
        health = target["EvaluateTargetHealth"]
        alias = {"name": _bare(target["DNSName"]), "zoneId": target["HostedZoneId"], "evaluateTargetHealth": health}
        props["aliases"] = [alias]
    if "Failover" in found:
        props["failoverRoutingPolicies"] = [{"type": found["Failover"]}]
    given = {"setIdentifier": found.get("SetIdentifier"), "healthCheckId": found.get("HealthCheckId")}
    return props | {name: value for name, value in given.items() if value}


def _change(aws: Region, it: str, props: Props) -> None:
    """A record that enters a set, leaves it or is called otherwise in it is another one: both at once, or none is."""
    wanted, standing = _wanted(props), _listed(aws, it)
    alone = _rest({**props, "setIdentifier": None})
    others = [one for rest, one in standing.items() if rest == alone or rest.startswith(f"{alone}_")]
    if _rest(props) in standing or not others:
        _send(aws, props["zoneId"], ("UPSERT", wanted))
    else:
        before = standing.get(it.partition("_")[2], others[0])
        _send(aws, props["zoneId"], ("DELETE", before), ("CREATE", wanted))


def _delete(aws: Region, it: str, state: Props) -> None:
    """As it stands: Route 53 deletes only what is named with all that it has."""
    if found := _find(aws, it, state):
        _send(aws, it.partition("_")[0], ("DELETE", found))


TYPES = (
    AwsType(
        type="aws:route53/record:Record",
        constraints=RECORD,
        create=_create,
        sent=VALUES | PLACE | names("name type zoneId"),
        read=_read,
        delete=_delete,
        settings=(Setting(inputs=tuple(sorted(VALUES | PLACE)), apply=_change),),
        unread=frozenset({"allowOverwrite"}),
    ),
)
