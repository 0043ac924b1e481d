"""One case or more for each resource type: here those of roles, KMS and CloudWatch Logs."""

from tests.support.alarm_cases import ALARMS
from tests.support.cloudfront_cases import CLOUDFRONT
from tests.support.delivery_cases import DELIVERIES
from tests.support.ec2_cases import EC2
from tests.support.ecr_cases import ECR
from tests.support.eks_cases import EKS
from tests.support.elasticache_cases import ELASTICACHE
from tests.support.iam_cases import IAM
from tests.support.messaging_cases import MESSAGING
from tests.support.rds_cases import RDS
from tests.support.resource_case import TAGS, Case, policy
from tests.support.route53_cases import ROUTE53
from tests.support.s3_cases import S3
from tests.support.secret_cases import SECRETS
from tests.support.wafv2_cases import WAFV2


def trust(service: str) -> str:
    principal = {"Service": f"{service}.amazonaws.com"}
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


READ = policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})
WRITE = policy({"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"})
ALL_KMS = policy({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"})
SOME_KMS = policy({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*"})
CASES = [
    *ALARMS,
    *CLOUDFRONT,
    *DELIVERIES,
    *EC2,
    *ECR,
    *EKS,
    *ELASTICACHE,
    *IAM,
    *MESSAGING,
    *RDS,
    *ROUTE53,
    *SECRETS,
    *S3,
    *WAFV2,
    Case(
        type="aws:iam/role:Role",
        inputs=lambda w: {
            "assumeRolePolicy": trust("ec2"),
            "path": "/shop/",
            "name": "nodes",
            "permissionsBoundary": w.managed_policy,
            "managedPolicyArns": [w.managed_policy],
            "tags": TAGS,
        },
        changes={
            "assumeRolePolicy": lambda _: trust("eks"),
            "description": lambda _: "nodes",
            "maxSessionDuration": lambda _: 7200,
            "permissionsBoundary": lambda _: None,
            "managedPolicyArns": lambda w: [w.other_managed_policy],
            "forceDetachPolicies": lambda _: True,
        },
        outside=lambda w, it: w.client("iam").update_role(RoleName=it, Description="by hand"),
        shows="description",
    ),
    Case(
        type="aws:iam/role:Role",
        also="prefix",
        inputs=lambda _: {"assumeRolePolicy": trust("ec2"), "namePrefix": "nodes-", "description": "nodes"},
        changes={"description": lambda _: None},
    ),
    Case(
        type="aws:iam/rolePolicy:RolePolicy",
        inputs=lambda w: {"role": w.role_name, "name": "read", "policy": READ},
        changes={"policy": lambda _: WRITE},
        outside=lambda w, it: w.client("iam").put_role_policy(
            RoleName=w.role_name, PolicyName="read", PolicyDocument=WRITE
        ),
        shows="policy",
    ),
    Case(
        type="aws:iam/rolePolicy:RolePolicy",
        also="prefix",
        inputs=lambda w: {"role": w.role_name, "namePrefix": "read-", "policy": READ},
    ),
    Case(
        type="aws:kms/key:Key",
        inputs=lambda _: {"description": "logs", "enableKeyRotation": True, "policy": ALL_KMS, "tags": TAGS},
        changes={
            "description": lambda _: "flow logs",
            "enableKeyRotation": lambda _: False,
            "isEnabled": lambda _: False,
            "policy": lambda _: SOME_KMS,
            "deletionWindowInDays": lambda _: 7,
            "bypassPolicyLockoutSafetyCheck": lambda _: True,
        },
        outside=lambda w, it: w.client("kms").disable_key_rotation(KeyId=it),
        shows="enableKeyRotation",
    ),
    Case(
        type="aws:kms/key:Key",
        also="asymmetric",
        inputs=lambda _: {"customerMasterKeySpec": "RSA_2048", "keyUsage": "SIGN_VERIFY", "multiRegion": True},
    ),
    Case(
        type="aws:kms/alias:Alias",
        inputs=lambda w: {"name": "alias/logs", "targetKeyId": w.key},
        changes={"targetKeyId": lambda w: w.other_key},
        outside=lambda w, it: w.client("kms").update_alias(AliasName=it, TargetKeyId=w.other_key),
        shows="targetKeyId",
    ),
    Case(
        type="aws:kms/alias:Alias",
        also="arn",
        inputs=lambda w: {"namePrefix": "alias/logs-", "targetKeyId": w.key_arn},
    ),
    Case(
        type="aws:cloudwatch/logGroup:LogGroup",
        inputs=lambda w: {"name": "/dhaka/flows", "retentionInDays": 30, "kmsKeyId": w.key_arn, "tags": TAGS},
        changes={
            "kmsKeyId": lambda w: w.key_arn.replace(w.key, w.other_key),
            "retentionInDays": lambda _: 0,
            "skipDestroy": lambda _: False,
        },
        outside=lambda w, it: w.client("logs").delete_retention_policy(logGroupName=it),
        shows="retentionInDays",
    ),
    Case(type="aws:cloudwatch/logGroup:LogGroup", also="prefix", inputs=lambda _: {"namePrefix": "/dhaka/"}),
]
FIRST = list({case.type: case for case in reversed(CASES)}.values())
"""One for each type."""
