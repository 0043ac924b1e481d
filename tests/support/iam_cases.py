"""One case or more for each resource type of IAM, roles and their inline policies aside."""

from tests.support.resource_case import TAGS, Case, policy
from tests.support.world import World

READ = policy({"Effect": "Allow", "Action": "ecr:BatchGetImage", "Resource": "*"})
WRITE = policy({"Effect": "Allow", "Action": "ecr:PutImage", "Resource": "*"})
OF_AWS = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"


def rewrite(w: World, arn: str) -> None:
    w.client("iam").create_policy_version(PolicyArn=arn, PolicyDocument=WRITE, SetAsDefault=True)


IAM = [
    Case(
        type="aws:iam/policy:Policy",
        inputs=lambda _: {
            "name": "pull",
            "path": "/shop/",
            "description": "pull images",
            "policy": READ,
            "delayAfterPolicyCreationInMs": 1,
            "tags": TAGS,
        },
        changes={"policy": lambda _: WRITE, "delayAfterPolicyCreationInMs": lambda _: 2},
        outside=rewrite,
        shows="policy",
    ),
    Case(type="aws:iam/policy:Policy", also="prefix", inputs=lambda _: {"namePrefix": "pull-", "policy": READ}),
    Case(
        type="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        inputs=lambda w: {"role": w.role_name, "policyArn": w.managed_policy},
        outside=lambda w, it: w.client("iam").detach_role_policy(RoleName=w.role_name, PolicyArn=w.managed_policy),
    ),
    Case(
        type="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        also="of AWS",
        inputs=lambda w: {"role": w.role_name, "policyArn": OF_AWS},
    ),
    Case(
        type="aws:iam/instanceProfile:InstanceProfile",
        inputs=lambda w: {"name": "nodes", "path": "/shop/", "role": w.role_name, "tags": TAGS},
        changes={"role": lambda w: w.other_role_name},
        outside=lambda w, it: w.client("iam").remove_role_from_instance_profile(
            InstanceProfileName=it, RoleName=w.role_name
        ),
        shows="role",
    ),
    Case(
        type="aws:iam/instanceProfile:InstanceProfile",
        also="prefix",
        inputs=lambda w: {"namePrefix": "nodes-", "role": w.role_name},
        changes={"role": lambda _: None},
    ),
]
