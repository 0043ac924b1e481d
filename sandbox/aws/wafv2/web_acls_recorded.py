"""AWS WAF: web ACLs, whose every change names the last one by its token, and their tags.

moto counts no capacity, takes any scope in any region, and deletes what a distribution uses.
"""

import uuid
from collections.abc import Iterator

from sandbox.aws.record import Answers, Place, Refusal, Thing
from sandbox.aws.wafv2.rules_recorded import ACLS, LOGGING, check, require_scope

OPTIONAL = (
    *("AssociationConfig", "CaptchaConfig", "ChallengeConfig", "CustomResponseBodies", "Description", "Rules"),
    "TokenDomains",
)
OURS = {"LockToken", "Scope", "Tags"}
"""What is kept beside what the API describes."""


def _gone() -> Refusal:
    message = "AWS WAF couldn't perform the operation because your resource doesn't exist."
    return Refusal("WAFNonexistentItemException", message)


def _find(place: Place, asked: Thing) -> Thing:
    require_scope(place, asked.get("Scope", ""))
    for (it,), kept in place.shelf(ACLS).items():
        named = (kept["Name"], kept["Scope"], it) == (asked.get("Name"), asked.get("Scope"), asked.get("Id"))
        if named or kept["ARN"] == asked.get("ARN"):
            return kept
    raise _gone()


def _require_token(kept: Thing, asked: Thing) -> None:
    if kept["LockToken"] != asked["LockToken"]:
        message = "AWS WAF couldn't save your changes because someone changed the resource after you got its token."
        raise Refusal("WAFOptimisticLockException", message)


def _create(place: Place, asked: Thing) -> Thing:
    name, scope = asked["Name"], asked["Scope"]
    require_scope(place, scope)
    if any((one["Name"], one["Scope"]) == (name, scope) for one in place.shelf(ACLS).values()):
        message = "AWS WAF couldn't perform the operation because some resource in your request is a duplicate."
        raise Refusal("WAFDuplicateItemException", message)
    it = str(uuid.uuid4())
    level = "global" if scope == "CLOUDFRONT" else "regional"
    kept = {
        **_described(asked),
        "Name": name,
        "Id": it,
        "ARN": place.arn(f"{level}/webacl/{name}/{it}"),
        "LabelNamespace": f"awswaf:{place.account}:webacl:{name}:",
        "LockToken": str(uuid.uuid4()),
        "Scope": scope,
        "Tags": asked.get("Tags", []),
    }
    place.shelf(ACLS)[it,] = kept
    return {"Summary": _summary(kept)}


def _described(asked: Thing) -> Thing:
    given = {member: asked[member] for member in OPTIONAL if member in asked}
    both = {member: asked[member] for member in ("DefaultAction", "VisibilityConfig")}
    return {"Rules": [], **given, **both, "Capacity": check(asked), "ManagedByFirewallManager": False}


def _summary(kept: Thing) -> Thing:
    return {member: kept[member] for member in ("Name", "Id", "ARN", "LockToken", "Description") if member in kept}


def _get(place: Place, asked: Thing) -> Thing:
    kept = _find(place, asked)
    return {"WebACL": {name: part for name, part in kept.items() if name not in OURS}, "LockToken": kept["LockToken"]}


def _update(place: Place, asked: Thing) -> Thing:
    """In the whole: what it leaves out is no more."""
    kept = _find(place, asked)
    _require_token(kept, asked)
    wanted = _described(asked)
    for member in OPTIONAL:
        kept.pop(member, None)
    kept |= wanted | {"LockToken": str(uuid.uuid4())}
    return {"NextLockToken": kept["LockToken"]}


def _delete(place: Place, asked: Thing) -> Thing:
    kept = _find(place, asked)
    _require_token(kept, asked)
    if kept["ARN"] in set(_in_use(place)):
        message = (
            "AWS WAF couldn't perform the operation because your resource is being used by another resource or it's "
            "associated with another resource."
        )
        raise Refusal("WAFAssociatedItemException", message)
    place.shelf(LOGGING).pop((kept["ARN"],), None)
    del place.shelf(ACLS)[kept["Id"],]
    return {}


def _in_use(place: Place) -> Iterator[str]:
    for kept in place.elsewhere("cloudfront").shelf("distribution").values():
        yield kept["Distribution"]["DistributionConfig"].get("WebACLId", "")


def _list(place: Place, asked: Thing) -> Thing:
    require_scope(place, asked["Scope"])
    kept = [one for one in place.shelf(ACLS).values() if one["Scope"] == asked["Scope"]]
    return {"WebACLs": [_summary(one) for one in kept]}


def _tagged(place: Place, asked: Thing) -> Thing:
    return _find(place, {"ARN": asked["ResourceARN"]})


def _tags(place: Place, asked: Thing) -> Thing:
    tags = _tagged(place, asked)["Tags"]
    return {"TagInfoForResource": {"ResourceARN": asked["ResourceARN"], "TagList": tags}}


def _tag(place: Place, asked: Thing) -> Thing:
    kept = _tagged(place, asked)
    together = {tag["Key"]: tag for tag in [*kept["Tags"], *asked["Tags"]]}
    kept["Tags"] = list(together.values())
    return {}


def _untag(place: Place, asked: Thing) -> Thing:
    kept = _tagged(place, asked)
    kept["Tags"] = [tag for tag in kept["Tags"] if tag["Key"] not in asked["TagKeys"]]
    return {}


ANSWERS: Answers = {
    "CreateWebACL": _create,
    "GetWebACL": _get,
    "UpdateWebACL": _update,
    "DeleteWebACL": _delete,
    "ListWebACLs": _list,
    "ListTagsForResource": _tags,
    "TagResource": _tag,
    "UntagResource": _untag,
}
