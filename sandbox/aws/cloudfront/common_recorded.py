"""CloudFront: what its resources share: ids, versions (ETags), and tags by ARN. Kept here altogether.

moto has distributions, but drops half of what one is given, and holds them to nothing that they name.
"""

import secrets
import string

from sandbox.aws.record import Answers, Place, Refusal, Thing

DISTRIBUTIONS, CONTROLS = "distribution", "origin access control"
REGION = "us-east-1"
"""Where CloudFront looks for certificates and web ACLs."""
LETTERS = string.ascii_uppercase + string.digits
ID_LENGTH = 13


def identifier() -> str:
    return "E" + "".join(secrets.choice(LETTERS) for _ in range(ID_LENGTH - 1))


def require_version(kept: Thing, asked: Thing) -> None:
    """Nobody changes or deletes what somebody else has changed meanwhile."""
    given = asked.get("IfMatch")
    if not given:
        raise Refusal("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")
    if given != kept["ETag"]:
        message = "The request failed because it didn't meet the preconditions in one or more request-header fields."
        raise Refusal("PreconditionFailed", message)


def page(things: list[Thing]) -> Thing:
    counted = {"Quantity": len(things), **({"Items": things} if things else {})}
    return {"Marker": "", "MaxItems": 100, "IsTruncated": False, **counted}


def _tagged(place: Place, asked: Thing) -> Thing:
    for kept in place.shelf(DISTRIBUTIONS).values():
        if kept["Distribution"]["ARN"] == asked["Resource"]:
            return kept
    raise Refusal("NoSuchResource", f"The resource {asked['Resource']} does not exist.")


def _tags(place: Place, asked: Thing) -> Thing:
    return {"Tags": {"Items": _tagged(place, asked)["Tags"]}}


def _tag(place: Place, asked: Thing) -> Thing:
    kept = _tagged(place, asked)
    together = {tag["Key"]: tag for tag in [*kept["Tags"], *asked["Tags"]["Items"]]}
    kept["Tags"] = list(together.values())
    return {}


def _untag(place: Place, asked: Thing) -> Thing:
    kept = _tagged(place, asked)
    kept["Tags"] = [tag for tag in kept["Tags"] if tag["Key"] not in asked["TagKeys"]["Items"]]
    return {}


ANSWERS: Answers = {"ListTagsForResource": _tags, "TagResource": _tag, "UntagResource": _untag}
