"""Route 53: that a record exists already, which moto judges by what was ever asked and not by what stands."""

from typing import Any

from sandbox.aws.record import Answers, Place, Refusal, Thing, now


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


ANSWERS: Answers = {"ChangeResourceRecordSets": _change}
