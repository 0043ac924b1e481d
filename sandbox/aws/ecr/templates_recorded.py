"""ECR: what the repositories look like that ECR itself makes, when it caches or replicates."""

from sandbox.aws.ecr.lifecycle_recorded import check_lifecycle
from sandbox.aws.record import Answers, Family, Place, Refusal, Thing, now


def _checked(asked: Thing) -> Thing:
    """Without a role of the registry's own, ECR may neither use a key nor tag what it makes."""
    encrypted = asked.get("encryptionConfiguration", {}).get("encryptionType", "AES256") != "AES256"
    if (encrypted or asked.get("resourceTags")) and not asked.get("customRoleArn"):
        raise Refusal("ValidationException", "KMS encryption and resource tags require a customRoleArn.")
    if lifecycle := asked.get("lifecyclePolicy"):
        check_lifecycle(lifecycle)
    return {"updatedAt": now()}


def _made(place: Place, asked: Thing) -> Thing:
    return {"createdAt": now(), **_checked(asked)}


def _changed(place: Place, asked: Thing) -> Thing:
    together = {**TEMPLATES.find(place, asked), **asked}
    filters = together.get("imageTagMutabilityExclusionFilters", [])
    excluding = together.get("imageTagMutability", "").endswith("_WITH_EXCLUSION")
    return {"imageTagMutabilityExclusionFilters": filters if excluding else [], **_checked(together)}


def _describe(place: Place, asked: Thing) -> Thing:
    """A prefix without a template is left out, and no error."""
    wanted = asked.get("prefixes")
    standing = place.shelf(TEMPLATES.kind).values()
    found = [template for template in standing if not wanted or template["prefix"] in wanted]
    return {"registryId": place.account, "repositoryCreationTemplates": found}


TEMPLATES = Family(
    kind="repository creation template",
    key=("prefix",),
    create="CreateRepositoryCreationTemplate",
    update="UpdateRepositoryCreationTemplate",
    delete="DeleteRepositoryCreationTemplate",
    wrapped="repositoryCreationTemplate",
    exists="TemplateAlreadyExistsException",
    missing="TemplateNotFoundException",
    made=_made,
    changed=_changed,
)
ANSWERS: Answers = {**TEMPLATES.answers(), "DescribeRepositoryCreationTemplates": _describe}
