"""CloudFront: distributions as they were asked for; what one must be is in ``rules_recorded.py``."""

from sandbox.aws.cloudfront.common_recorded import DISTRIBUTIONS, identifier, page, require_version
from sandbox.aws.cloudfront.rules_recorded import check
from sandbox.aws.record import Answers, Place, Refusal, Thing, now

NOBODY = {"Enabled": False, "Quantity": 0}


def _find(place: Place, asked: Thing) -> Thing:
    if (found := place.shelf(DISTRIBUTIONS).get((asked["Id"],))) is None:
        raise Refusal("NoSuchDistribution", "The specified distribution does not exist.")
    return found


def _reply(kept: Thing) -> Thing:
    return {"Distribution": kept["Distribution"], "ETag": kept["ETag"]}


def _create(place: Place, asked: Thing) -> Thing:
    wanted = asked["DistributionConfigWithTags"]
    config, it = wanted["DistributionConfig"], identifier()
    standing = place.shelf(DISTRIBUTIONS).values()
    if any(
        one["Distribution"]["DistributionConfig"]["CallerReference"] == config["CallerReference"] for one in standing
    ):
        message = "The caller reference that you are using to create a distribution is associated with another one."
        raise Refusal("DistributionAlreadyExists", message)
    check(place, config, it)
    distribution = {
        "Id": it,
        "ARN": f"arn:aws:cloudfront::{place.account}:distribution/{it}",
        "Status": "Deployed",
        "LastModifiedTime": now(),
        "InProgressInvalidationBatches": 0,
        "DomainName": f"d{identifier().lower()}.cloudfront.net",
        "ActiveTrustedSigners": NOBODY,
        "ActiveTrustedKeyGroups": NOBODY,
        "DistributionConfig": config,
    }
    kept = {"Distribution": distribution, "ETag": identifier(), "Tags": wanted["Tags"].get("Items", [])}
    place.shelf(DISTRIBUTIONS)[it,] = kept
    return _reply(kept)


def _update(place: Place, asked: Thing) -> Thing:
    kept, config = _find(place, asked), asked["DistributionConfig"]
    require_version(kept, asked)
    distribution = kept["Distribution"]
    if config["CallerReference"] != distribution["DistributionConfig"]["CallerReference"]:
        raise Refusal("IllegalUpdate", "The update contains modifications that are not allowed: CallerReference.")
    check(place, config, asked["Id"])
    distribution |= {"DistributionConfig": config, "LastModifiedTime": now()}
    kept["ETag"] = identifier()
    return _reply(kept)


def _delete(place: Place, asked: Thing) -> Thing:
    kept = _find(place, asked)
    require_version(kept, asked)
    if kept["Distribution"]["DistributionConfig"]["Enabled"]:
        message = "The distribution you are trying to delete has not been disabled."
        raise Refusal("DistributionNotDisabled", message)
    del place.shelf(DISTRIBUTIONS)[asked["Id"],]
    return {}


def _config(place: Place, asked: Thing) -> Thing:
    kept = _find(place, asked)
    return {"DistributionConfig": kept["Distribution"]["DistributionConfig"], "ETag": kept["ETag"]}


def _list(place: Place, asked: Thing) -> Thing:
    members = ("Id", "ARN", "Status", "LastModifiedTime", "DomainName")
    standing = [kept["Distribution"] for kept in place.shelf(DISTRIBUTIONS).values()]
    return {"DistributionList": page([{member: one[member] for member in members} for one in standing])}


ANSWERS: Answers = {
    "CreateDistributionWithTags": _create,
    "GetDistribution": lambda place, asked: _reply(_find(place, asked)),
    "GetDistributionConfig": _config,
    "UpdateDistribution": _update,
    "DeleteDistribution": _delete,
    "ListDistributions": _list,
}
