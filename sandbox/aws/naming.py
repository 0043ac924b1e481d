"""Names that the provider makes up where the program gives none, as the real one does."""

import re

from sandbox.aws.resource import AutoName
from sandbox.providers.provider import Call, ResourceError

SUFFIX_DIGITS = 7  # hexadecimal
SEED_BYTES = 4  # enough for them


def made_up(rule: AutoName, call: Call, seed: bytes) -> str:
    """The resource's own name with a random end. Raises ResourceError if that is too long for AWS."""
    start = f"{call.name}-"
    if len(start) + SUFFIX_DIGITS > rule.max_length:
        raise ResourceError(
            f"could not make instance of '{call.type}': name '{start}' plus {SUFFIX_DIGITS} random chars is longer "
            f"than maximum length {rule.max_length}: give the resource a name, or a shorter logical name"
        )
    return rule.prefix + start + seed[:SEED_BYTES].hex()[:SUFFIX_DIGITS]


def is_made_up(rule: AutoName, call: Call, name: str) -> bool:
    """Whether a name is of the kind that ``made_up`` gives this resource."""
    return bool(re.fullmatch(rf"{re.escape(rule.prefix + call.name)}-[0-9a-f]{{{SUFFIX_DIGITS}}}", name))
