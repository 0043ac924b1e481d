"""Route 53: that a record exists already, which moto judges by what was ever asked and not by what stands."""

from typing import Any

from sandbox.aws.record import Answers, Place, Refusal, Thing, now

CLOUDFRONT = "Z2FDTNDATAQYW2"
"""The zone of every distribution's name."""


def _change(place: Place, asked: Thing) -> Thing:
    zone: Any = place.backend.get_hosted_zone(asked["HostedZoneId"])
    changes: list[Thing] = asked["ChangeBatch"]["Changes"]
    for change in changes:
        record = change["ResourceRecordSet"]
        name = f"{record['Name'].rstrip('.')}."
        if change["Action"] == "CREATE":
            key = (name, record["Type"], record.get("SetIdentifier"))
            if any((one.name, one.type, one.set_identifier) == key for one in zone.rrsets):
                what = f"[name='{name}', type='{record['Type']}']"
                raise Refusal(
                    "InvalidChangeBatch", f"[Tried to create resource record set {what} but it already exists]"
                )
            change["Action"] = "UPSERT"
    _require_sets(zone, changes)
    _require_targets(changes)
    place.backend.change_resource_record_sets(asked["HostedZoneId"], changes)
    return {"ChangeInfo": {"Id": "/change/C2682N5HXP0BZ4", "Status": "INSYNC", "SubmittedAt": now()}}


def _require_sets(zone: Any, changes: list[Thing]) -> None:
    """Records of one name and type are one alone, or each has a place in a set."""
    standing = {(one.name, one.type, one.set_identifier) for one in zone.rrsets}
    for change in changes:
        record = change["ResourceRecordSet"]
        name, kind, of_set = f"{record['Name'].rstrip('.')}.", record["Type"], record.get("SetIdentifier")
        if change["Action"] == "DELETE":
            standing.discard((name, kind, of_set))
        elif any((its, kinds) == (name, kind) and bool(sets) != bool(of_set) for its, kinds, sets in standing):
            what = f"RRSet with DNS name {name}, type {kind}, SetIdentifier {of_set or 'null'}"
            raise Refusal(
                "InvalidChangeBatch", f"[{what} cannot be created as other RRSets exist with the same name and type.]"
            )


def _require_targets(changes: list[Thing]) -> None:
    """A distribution's health is CloudFront's own affair (Route 53 API, "AliasTarget")."""
    for change in changes:
        target = change["ResourceRecordSet"].get("AliasTarget", {})
        if change["Action"] == "DELETE" or target.get("HostedZoneId") != CLOUDFRONT:
            continue
        name, what = f"{target['DNSName'].rstrip('.').lower()}.", change["ResourceRecordSet"]["Type"]
        if not name.endswith(".cloudfront.net."):
            message = (
                f"[Tried to create an alias that targets {name}, type {what} in zone {CLOUDFRONT}, but the alias "
                "target name does not lie within the target zone]"
            )
            raise Refusal("InvalidChangeBatch", message)
        if str(target["EvaluateTargetHealth"]).lower() == "true":
            message = f"[EvaluateTargetHealth cannot be set to true for an alias that targets a distribution: {name}]"
            raise Refusal("InvalidChangeBatch", message)


ANSWERS: Answers = {"ChangeResourceRecordSets": _change}
