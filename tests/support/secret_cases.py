"""One case or more for each resource type of Secrets Manager, and for a key's copy in another region."""

from tests.support.resource_case import TAGS, Case, policy
from tests.support.world import PEER, World

DENY = policy({"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:GetSecretValue", "Resource": "*"})
DENY_PUT = policy({"Effect": "Deny", "Principal": "*", "Action": "secretsmanager:PutSecretValue", "Resource": "*"})
ALL_KMS = policy({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"})
SOME_KMS = policy({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:Decrypt", "Resource": "*"})


def forget(w: World, it: str) -> None:
    """Takes the secret away, and the version with it."""
    w.client("secretsmanager").delete_secret(SecretId=w.secret, ForceDeleteWithoutRecovery=True)


SECRETS = [
    Case(
        type="aws:secretsmanager/secret:Secret",
        inputs=lambda w: {
            "name": "dhaka/database/app",
            "description": "The application's user",
            "kmsKeyId": w.key_arn,
            "policy": DENY,
            "recoveryWindowInDays": 0,
            "replicas": [{"region": PEER, "kmsKeyId": w.foreign_key}],
            "tags": TAGS,
        },
        changes={
            "description": lambda _: "somebody",
            "forceOverwriteReplicaSecret": lambda _: True,
            "kmsKeyId": lambda w: w.key_arn.replace(w.key, w.other_key),
            "policy": lambda _: DENY_PUT,
            "recoveryWindowInDays": lambda _: 7,
            "replicas": lambda w: [{"region": PEER, "kmsKeyId": w.other_foreign_key}],
        },
        outside=lambda w, it: w.client("secretsmanager").remove_regions_from_replication(
            SecretId=it, RemoveReplicaRegions=[PEER]
        ),
        shows="replicas",
    ),
    Case(
        type="aws:secretsmanager/secret:Secret",
        also="prefix",
        inputs=lambda _: {"namePrefix": "dhaka-", "description": "somebody"},
    ),
    Case(
        type="aws:secretsmanager/secretVersion:SecretVersion",
        inputs=lambda w: {"secretId": w.secret, "secretString": "open sesame"},
        outside=forget,
    ),
    Case(
        type="aws:secretsmanager/secretVersion:SecretVersion",
        also="unread",
        inputs=lambda w: {"secretId": w.secret, "secretStringWo": "open sesame", "secretStringWoVersion": 1},
    ),
    Case(
        type="aws:kms/replicaKey:ReplicaKey",
        inputs=lambda w: {
            "primaryKeyArn": w.foreign_key,
            "description": "secrets",
            "policy": ALL_KMS,
            "tags": TAGS,
        },
        changes={
            "bypassPolicyLockoutSafetyCheck": lambda _: True,
            "deletionWindowInDays": lambda _: 7,
            "description": lambda _: "of the peer",
            "enabled": lambda _: False,
            "policy": lambda _: SOME_KMS,
        },
        outside=lambda w, it: w.client("kms").disable_key(KeyId=it),
        shows="enabled",
    ),
]
