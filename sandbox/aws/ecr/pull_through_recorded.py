"""ECR: rules by which a registry fetches what it lacks from another, and keeps it."""

import re

from sandbox.aws.record import Answers, Family, Place, Refusal, Thing, now

MAX_RULES = 50  # per registry and region; not adjustable
OPEN = {r"public\.ecr\.aws": "ecr-public", r"quay\.io": "quay", r"registry\.k8s\.io": "k8s"}
WITH_SECRET = {
    r"registry-1\.docker\.io": "docker-hub",
    r"ghcr\.io": "github-container-registry",
    r"registry\.gitlab\.com": "gitlab-container-registry",
    r"[a-z0-9-]+\.azurecr\.io": "azure-container-registry",
    r"cgr\.dev": "chainguard",
}
WITH_ROLE = {r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com": "ecr"}
"""A role is needed where the upstream registry is another account's."""


def _upstream(url: str) -> str:
    for pattern, upstream in (OPEN | WITH_SECRET | WITH_ROLE).items():
        if re.fullmatch(pattern, url):
            return upstream
    known = "public.ecr.aws, quay.io, registry.k8s.io, registry-1.docker.io, ghcr.io, registry.gitlab.com, cgr.dev, "
    message = f"{url} is no upstream registry; allowed are {known}<name>.azurecr.io and private ECR registries"
    raise Refusal("UnsupportedUpstreamRegistryException", message)


def _with_its_secret(place: Place, asked: Thing) -> None:
    secret = asked.get("credentialArn")
    if secret and place.of("secretsmanager").secrets.get(secret) is None:
        raise Refusal("SecretNotFoundException", f"The secret {secret} does not exist.")


def _made(place: Place, asked: Thing) -> Thing:
    upstream = _upstream(asked["upstreamRegistryUrl"])
    if upstream in WITH_SECRET.values() and "credentialArn" not in asked:
        message = f"{asked['upstreamRegistryUrl']} asks for authentication: a credentialArn is required"
        raise Refusal("InvalidParameterException", message)
    _with_its_secret(place, asked)
    if len(place.shelf(RULES.kind)) >= MAX_RULES:
        raise Refusal("LimitExceededException", f"A registry has at most {MAX_RULES} pull through cache rules.")
    return {"registryId": place.account, "createdAt": now(), "upstreamRegistry": upstream}


def _changed(place: Place, asked: Thing) -> Thing:
    _with_its_secret(place, asked)
    return {"updatedAt": now()}


def _describe(place: Place, asked: Thing) -> Thing:
    wanted = asked.get("ecrRepositoryPrefixes")
    named = [RULES.find(place, {"ecrRepositoryPrefix": prefix}) for prefix in wanted or ()]
    return {"pullThroughCacheRules": named if wanted else list(place.shelf(RULES.kind).values())}


RULES = Family(
    kind="pull through cache rule",
    key=("ecrRepositoryPrefix",),
    create="CreatePullThroughCacheRule",
    update="UpdatePullThroughCacheRule",
    delete="DeletePullThroughCacheRule",
    exists="PullThroughCacheRuleAlreadyExistsException",
    missing="PullThroughCacheRuleNotFoundException",
    made=_made,
    changed=_changed,
)
ANSWERS: Answers = {**RULES.answers(), "DescribePullThroughCacheRules": _describe}
