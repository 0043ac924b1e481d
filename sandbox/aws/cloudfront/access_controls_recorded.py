"""CloudFront: origin access controls, each of a name of its own, and kept while a distribution uses it."""

from sandbox.aws.cloudfront.common_recorded import CONTROLS, DISTRIBUTIONS, identifier, page, require_version
from sandbox.aws.record import Answers, Place, Refusal, Thing

CONFIG = "OriginAccessControlConfig"


def _find(place: Place, asked: Thing) -> Thing:
    if (found := place.shelf(CONTROLS).get((asked["Id"],))) is None:
        raise Refusal("NoSuchOriginAccessControl", "The specified origin access control does not exist.")
    return found


def _reply(kept: Thing) -> Thing:
    return {"OriginAccessControl": {"Id": kept["Id"], CONFIG: kept[CONFIG]}, "ETag": kept["ETag"]}


def _require_own_name(place: Place, asked: Thing, it: str) -> None:
    name = asked[CONFIG]["Name"]
    others = [kept for (other,), kept in place.shelf(CONTROLS).items() if other != it]
    if any(kept[CONFIG]["Name"] == name for kept in others):
        message = f"An origin access control with the same name already exists: {name}."
        raise Refusal("OriginAccessControlAlreadyExists", message)


def _create(place: Place, asked: Thing) -> Thing:
    it = identifier()
    _require_own_name(place, asked, it)
    kept = {"Id": it, CONFIG: asked[CONFIG], "ETag": identifier()}
    place.shelf(CONTROLS)[it,] = kept
    return _reply(kept)


def _update(place: Place, asked: Thing) -> Thing:
    kept = _find(place, asked)
    require_version(kept, asked)
    _require_own_name(place, asked, asked["Id"])
    kept |= {CONFIG: asked[CONFIG], "ETag": identifier()}
    return _reply(kept)


def _delete(place: Place, asked: Thing) -> Thing:
    require_version(_find(place, asked), asked)
    for kept in place.shelf(DISTRIBUTIONS).values():
        origins = kept["Distribution"]["DistributionConfig"]["Origins"]["Items"]
        if any(origin.get("OriginAccessControlId") == asked["Id"] for origin in origins):
            message = "Cannot delete the origin access control because it's in use by one or more distributions."
            raise Refusal("OriginAccessControlInUse", message)
    del place.shelf(CONTROLS)[asked["Id"],]
    return {}


def _list(place: Place, asked: Thing) -> Thing:
    kept = place.shelf(CONTROLS).values()
    return {"OriginAccessControlList": page([{"Id": one["Id"], **one[CONFIG]} for one in kept])}


ANSWERS: Answers = {
    "CreateOriginAccessControl": _create,
    "GetOriginAccessControl": lambda place, asked: _reply(_find(place, asked)),
    "UpdateOriginAccessControl": _update,
    "DeleteOriginAccessControl": _delete,
    "ListOriginAccessControls": _list,
}
