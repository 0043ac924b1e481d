"""The registry on mocks: what is kept and for how long, what is copied, and what nodes pull through it."""

import json
import re
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

import botocore.session
import pytest

from dhakacart_infra.cluster.registry import Registry, RegistryArgs
from dhakacart_infra.foundation.artifacts import CACHED_REGISTRIES, Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.naming import Naming
from tests.support.recorder import Recorder, record

NAMING = Naming(project="shop", environment="prod", region="ap-south-1", account_id="123456789012")
PEER = "ap-southeast-1"
TAGS = {"CostCentre": "shop-prod"}
REPOSITORY, LIFECYCLE = "aws:ecr/repository:Repository", "aws:ecr/lifecyclePolicy:LifecyclePolicy"
REPLICATION = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
TEMPLATE = "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate"
RULE = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"
ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"


@dataclass(frozen=True, kw_only=True)
class ShellArgs:
    scope: Scope
    registry: RegistryArgs


class Shell(Component, token="test:index:Shell"):
    registry: Registry

    def build(self, args: ShellArgs) -> None:
        self.registry = Registry("registry", args.registry, self.child())


def made(
    *,
    services: tuple[str, ...] = ("backend", "frontend"),
    peer: str | None = PEER,
    naming: Naming = NAMING,
    protected: bool = True,
) -> tuple[Recorder, Registry]:
    scope = Scope(naming=naming, artifacts=Artifacts.of(naming), launch_tags=TAGS, protect_data=protected)
    args = ShellArgs(scope=scope, registry=RegistryArgs(repositories=services, keep_releases=30, peer_region=peer))
    shells: list[Shell] = []
    recorder = record(lambda: shells.append(Shell("shell", args)))
    return recorder, shells[0].registry


def rules(recorder: Recorder, name: str) -> list[dict]:
    return json.loads(recorder.of(LIFECYCLE)[name]["policy"])["rules"]


def arn(repository: str) -> str:
    return f"arn:aws:ecr:ap-south-1:123456789012:repository/{repository}"


def reaches(resources: list[str], repository: str) -> bool:
    return any(fnmatchcase(arn(repository), pattern) for pattern in resources)


def test_an_image_has_the_same_name_in_both_regions():
    here, there = (made(naming=replace(NAMING, region=region))[0] for region in ("ap-south-1", PEER))
    names = [sorted(inputs["name"] for inputs in one.of(REPOSITORY).values()) for one in (here, there)]
    assert names == [["shop/prod/backend", "shop/prod/frontend"]] * 2


def test_a_service_taken_off_the_list_leaves_the_others_as_they_are():
    before, after = made()[0], made(services=("frontend",))[0]
    for type_ in (REPOSITORY, LIFECYCLE):
        assert after.of(type_).items() <= before.of(type_).items()
        assert len(after.of(type_)) == 1


def test_a_tag_names_one_image_for_ever_and_the_image_is_scanned_and_encrypted_with_the_registrys_key():
    for repository in made()[0].of(REPOSITORY).values():
        assert repository["imageTagMutability"] == "IMMUTABLE"
        assert repository["imageScanningConfiguration"] == {"scanOnPush": True}
        (encryption,) = repository["encryptionConfigurations"]
        assert encryption == {"encryptionType": "KMS", "kmsKey": "arn:of:registry-encryption-key"}


@pytest.mark.parametrize("protected", [True, False])
def test_images_go_with_their_repository_only_where_data_may_go(protected):
    for repository in made(protected=protected)[0].of(REPOSITORY).values():
        assert repository["forceDelete"] is not protected


def test_a_release_for_two_architectures_counts_once():
    untagged, releases = rules(made()[0], "registry-lifecycle-backend")
    assert releases["selection"]["tagStatus"] == "tagged"
    assert releases["selection"]["tagPatternList"] == ["*"]
    assert releases["selection"]["countNumber"] == 30
    assert untagged["selection"]["tagStatus"] == "untagged"
    assert untagged["rulePriority"] < releases["rulePriority"]


def test_every_service_is_copied_to_the_peer_and_nothing_that_is_cached():
    (replication,) = made()[0].of(REPLICATION).values()
    (rule,) = replication["replicationConfiguration"]["rules"]
    assert rule["destinations"] == [{"region": PEER, "registryId": "123456789012"}]
    prefixes = [entry["filter"] for entry in rule["repositoryFilters"]]
    assert prefixes == ["shop/prod/backend", "shop/prod/frontend"]
    cached = [f"shop/prod/{alias}/team/image" for alias in CACHED_REGISTRIES.values()]
    assert not [name for name in cached if name.startswith(tuple(prefixes))]


def test_without_a_peer_nothing_is_copied():
    assert made(peer=None)[0].of(REPLICATION) == {}


@pytest.mark.parametrize("registry", CACHED_REGISTRIES)
def test_an_image_of_a_public_registry_is_found_where_its_cache_puts_it(registry):
    prefixes = {one["upstreamRegistryUrl"]: one["ecrRepositoryPrefix"] for one in made()[0].of(RULE).values()}
    image = Artifacts.of(NAMING).image(f"{registry}/team/image")
    assert image == f"123456789012.dkr.ecr.ap-south-1.amazonaws.com/{prefixes[registry]}/team/image"


def test_the_longest_environment_still_has_a_cache_that_ecr_accepts():
    model = botocore.session.get_session().get_service_model("ecr")
    limits = model.shape_for("PullThroughCacheRuleRepositoryPrefix").metadata
    longest = Naming(project="dhakacart", environment="a-bcdefghi-1", region="ap-south-1", account_id="123456789012")
    for rule in made(naming=longest)[0].of(RULE).values():
        assert len(rule["ecrRepositoryPrefix"]) <= limits["max"]
        assert re.fullmatch(limits["pattern"], rule["ecrRepositoryPrefix"])


def test_repositories_that_ecr_makes_for_the_cache_are_tagged_and_bounded():
    recorder = made()[0]
    (template,) = recorder.of(TEMPLATE).values()
    assert all(rule["ecrRepositoryPrefix"].startswith(f"{template['prefix']}/") for rule in recorder.of(RULE).values())
    assert template["appliedFors"] == ["PULL_THROUGH_CACHE"]
    assert template["resourceTags"] == TAGS
    (surplus,) = json.loads(template["lifecyclePolicy"])["rules"]
    assert surplus["action"] == {"type": "expire"}
    assert surplus["selection"]["countType"] == "imageCountMoreThan", "by the last pull, ECR archives only"


def test_what_is_cached_can_be_read_by_the_next_stack_when_this_ones_key_is_gone():
    (template,) = made()[0].of(TEMPLATE).values()
    assert template["encryptionConfigurations"] == [{"encryptionType": "AES256"}]


def test_ecr_makes_them_in_a_role_that_reaches_this_environment_alone():
    recorder = made()[0]
    (template,) = recorder.of(TEMPLATE).values()
    ((name, role),) = recorder.of(ROLE).items()
    assert template["customRoleArn"] == f"arn:of:{name}"
    assert json.loads(role["assumeRolePolicy"])["Statement"][0]["Principal"] == {"Service": "ecr.amazonaws.com"}
    (policy,) = recorder.of(POLICY).values()
    (repositories,) = json.loads(policy["policy"])["Statement"]
    assert reaches(repositories["Resource"], "shop/prod/quay/team/image")
    assert not reaches(repositories["Resource"], "shop/prod2/quay/team/image")


def test_who_pulls_may_fill_the_cache_but_no_repository_of_a_service():
    statement = made()[1].pull_statement
    assert {"ecr:BatchImportUpstreamImage", "ecr:CreateRepository"} <= set(statement["Action"])
    for alias in CACHED_REGISTRIES.values():
        assert reaches(statement["Resource"], f"shop/prod/{alias}/team/image")
    assert not reaches(statement["Resource"], "shop/prod/backend")
