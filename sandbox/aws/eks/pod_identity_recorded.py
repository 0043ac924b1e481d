"""EKS: pod identity associations: one role for a service account, known by an id that EKS makes up."""

from typing import Any

from sandbox.aws.eks.common_recorded import (
    EXISTS,
    INVALID,
    MISSING,
    POD_IDENTITIES,
    cluster_of,
    require_role,
    resource_id,
    unique,
)
from sandbox.aws.record import Answers, Family, Place, Refusal, Thing, now

SUMMARY = ("associationArn", "associationId", "clusterName", "namespace", "ownerArn", "serviceAccount")


def associate(place: Place, asked: Thing, owner: str | None = None) -> Thing:
    """Make one, for a request or for an add-on that brings its own."""
    thing = {**asked, **_made(place, asked), **({"ownerArn": owner} if owner else {})}
    place.shelf(POD_IDENTITIES)[thing["clusterName"], thing["associationId"]] = thing
    return thing


def owned(place: Place, owner: str) -> list[tuple[str, ...]]:
    """Keys of the associations that an add-on brought."""
    return [key for key, thing in place.shelf(POD_IDENTITIES).items() if thing.get("ownerArn") == owner]


def _made(place: Place, asked: Thing) -> Thing:
    cluster_of(place, asked)
    account = {name: asked[name] for name in ("clusterName", "namespace", "serviceAccount")}
    for other in place.shelf(POD_IDENTITIES).values():
        if account.items() <= other.items():
            raise Refusal(EXISTS, f"Association already exists: {other['associationId']}")
    _require_roles(place, asked)
    association = f"a-{unique()}"
    return {
        "associationArn": place.arn(f"podidentityassociation/{asked['clusterName']}/{association}"),
        "associationId": association,
        "createdAt": now(),
        "disableSessionTags": asked.get("disableSessionTags", False),
        "modifiedAt": now(),
        **_external_id(asked),
    }


def _require_roles(place: Place, asked: Thing) -> None:
    if "roleArn" in asked:
        require_role(place, asked["roleArn"])
    if "policy" in asked and not asked.get("disableSessionTags"):
        raise Refusal(INVALID, "A session policy can be given only with disableSessionTags")


def _external_id(asked: Thing) -> Thing:
    return {"externalId": resource_id()} if asked.get("targetRoleArn") else {}


def _change(place: Place, asked: Thing) -> Thing:
    thing = FAMILY.find(place, asked)
    _require_roles(place, asked)
    thing |= {**asked, "modifiedAt": now(), **_external_id(asked)}
    return {"association": thing}


def _list(place: Place, asked: Thing) -> dict[str, Any]:
    wanted = {name: asked[name] for name in ("clusterName", "namespace", "serviceAccount") if name in asked}
    found = [thing for thing in place.shelf(POD_IDENTITIES).values() if wanted.items() <= thing.items()]
    return {"associations": [{name: thing[name] for name in SUMMARY if name in thing} for thing in found]}


FAMILY = Family(
    kind=POD_IDENTITIES,
    key=("clusterName", "associationId"),
    create="CreatePodIdentityAssociation",
    describe="DescribePodIdentityAssociation",
    delete="DeletePodIdentityAssociation",
    wrapped="association",
    exists=EXISTS,
    missing=MISSING,
    made=_made,
)
ANSWERS: Answers = {
    **FAMILY.answers(),
    "UpdatePodIdentityAssociation": _change,
    "ListPodIdentityAssociations": _list,
}
