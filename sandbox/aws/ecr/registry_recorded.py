"""ECR: what a whole registry does. moto knows one replication rule only, and no rule of scanning."""

from collections.abc import Mapping

from sandbox.aws.record import Answers, Place, Refusal, Thing

MAX_DESTINATIONS = 25  # different ones, of all rules together; not adjustable
FREQUENCIES: Mapping[str, tuple[str, ...]] = {
    "BASIC": ("SCAN_ON_PUSH", "MANUAL"),
    "ENHANCED": ("SCAN_ON_PUSH", "CONTINUOUS_SCAN"),
}


def _replicate(place: Place, asked: Thing) -> Thing:
    rules: list[Thing] = asked["replicationConfiguration"]["rules"]
    ends = {(end["registryId"], end["region"]) for rule in rules for end in rule["destinations"]}
    if (place.account, place.region) in ends:
        raise Refusal(
            "InvalidParameterException",
            "Invalid parameter at 'replicationConfiguration' failed to satisfy constraint: "
            "'Replication destination cannot be the same as the source registry'",
        )
    if len(ends) > MAX_DESTINATIONS:
        message = f"{len(ends)} replication destinations; at most {MAX_DESTINATIONS} are allowed in all rules together"
        raise Refusal("InvalidParameterException", message)
    place.backend.replication_config = asked["replicationConfiguration"]
    return {"replicationConfiguration": asked["replicationConfiguration"]}


def _scan(place: Place, asked: Thing) -> Thing:
    scan_type, rules = asked.get("scanType", "BASIC"), asked.get("rules", [])
    for rule in rules:
        if rule["scanFrequency"] not in FREQUENCIES[scan_type]:
            allowed = " or ".join(FREQUENCIES[scan_type])
            message = f"scanFrequency {rule['scanFrequency']} does not go with {scan_type} scanning: use {allowed}"
            raise Refusal("InvalidParameterException", message)
    place.backend.put_registry_scanning_configuration(scan_type, rules)
    return {"registryScanningConfiguration": {"scanType": scan_type, "rules": rules}}


ANSWERS: Answers = {"PutReplicationConfiguration": _replicate, "PutRegistryScanningConfiguration": _scan}
