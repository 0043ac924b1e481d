"""CloudWatch Logs: another key for a log group that stands. moto takes one at its creation only."""

from typing import Any

from sandbox.aws.record import Answers, Place, Refusal, Thing


def _associate(place: Place, asked: Thing) -> Thing:
    keys = place.of("kms").keys.values()
    if all(key.arn != asked["kmsKeyId"] or key.key_state != "Enabled" for key in keys):
        reason = f"The specified KMS key {asked['kmsKeyId']} does not exist or is not allowed to be used."
        raise Refusal("InvalidParameterException", reason)
    _group(place, asked).kms_key_id = asked["kmsKeyId"]
    return {}


def _disassociate(place: Place, asked: Thing) -> Thing:
    _group(place, asked).kms_key_id = None
    return {}


def _group(place: Place, asked: Thing) -> Any:
    name = asked["logGroupName"]
    if name not in place.backend.groups:
        raise Refusal("ResourceNotFoundException", "The specified log group does not exist.")
    return place.backend.groups[name]


ANSWERS: Answers = {"AssociateKmsKey": _associate, "DisassociateKmsKey": _disassociate}
