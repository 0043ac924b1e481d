"""Secrets Manager: the key that a copy in another region is encrypted with, which moto forgets.

AWS makes copies after it has answered: what is wrong shows in their status alone ("ReplicationStatusType").
"""

from typing import Any

from sandbox.aws.record import Answers, Place, Thing

OWN_KEY = "alias/aws/secretsmanager"


def _replicate(place: Place, asked: Thing) -> Thing:
    wanted = {one["Region"]: one.get("KmsKeyId", OWN_KEY) for one in asked["AddReplicaRegions"]}
    backend: Any = place.backend
    overwrite = asked.get("ForceOverwriteReplicaSecret", False)
    backend.replicate_secret_to_regions(asked["SecretId"], asked["AddReplicaRegions"], overwrite)
    secret = backend.describe_secret(asked["SecretId"])
    for copy in secret.replicas:
        if (key := wanted.get(copy.region)) is None:
            continue
        copy.config["KmsKeyId"] = key
        if not _has_key(Place("kms", place.account, copy.region), key):
            copy.config |= {"Status": "Failed", "StatusMessage": f"Replication failed: KMS key {key} was not found."}
            dict.pop(Place("secretsmanager", place.account, copy.region).backend.secrets, copy.arn, None)
            copy.has_replica = False
    return {"ARN": secret.arn, "ReplicationStatus": [copy.config for copy in secret.replicas]}


def _has_key(kms: Place, key: str) -> bool:
    known: Any = kms.backend
    return key == OWN_KEY or any(one.arn == key and one.key_state == "Enabled" for one in known.keys.values())


ANSWERS: Answers = {"ReplicateSecretToRegions": _replicate}
