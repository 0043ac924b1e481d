"""The simulated ``random`` provider: passwords, strings and ids; what it made lives only in the engine's state.

Every input replaces, as in the real one. ``bcryptHash`` of a password is not computed.
"""

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props
from sandbox.providers.provider import Call, Difference, Failure, Provider, ResourceError
from sandbox.providers.table import difference, refusals, with_defaults

Check = Callable[[Inputs], str | None]

CLASSES = {
    "lower": "abcdefghijklmnopqrstuvwxyz",
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "numeric": "0123456789",
    "special": "!@#$%&*()-_=+[]{}<>:?",
}
MINIMUM_LENGTH = 1
MINIMA = {"lower": "minLower", "upper": "minUpper", "numeric": "minNumeric", "special": "minSpecial"}
SUM = "min_upper + min_lower + min_numeric + min_special"


def _at_least(name: str, minimum: int) -> Check:
    def check(inputs: Inputs) -> str | None:
        value = inputs.get(name, minimum)
        return f"Attribute {name} value must be at least {minimum}, got: {value}" if value < minimum else None

    return check


def _room_for_minima(inputs: Inputs) -> str | None:
    length, needed = inputs.get("length"), sum(inputs.get(name, 0) for name in MINIMA.values())
    if length is None or length >= needed:
        return None
    return f"Attribute length value must be at least sum of {SUM}, got: {length}"


def _one_numeric(inputs: Inputs) -> str | None:
    if inputs.get("number", inputs.get("numeric")) == inputs.get("numeric", inputs.get("number")):
        return None
    return "Number and numeric are both configured with different values: number is deprecated, use numeric instead"


TEXT_INPUTS = frozenset({"length", "overrideSpecial", "number", "keepers", *CLASSES, *MINIMA.values()})
TEXT = Constraints(
    source="terraform-provider-random internal/provider/resource_password.go",
    inputs=TEXT_INPUTS,
    required=("length",),
    replaces=TEXT_INPUTS,
    defaults=dict.fromkeys((name for name in CLASSES if name != "numeric"), True) | dict.fromkeys(MINIMA.values(), 0),
    checks=(_at_least("length", MINIMUM_LENGTH), _room_for_minima, _one_numeric),
)
ID = Constraints(
    source="terraform-provider-random internal/provider/resource_id.go",
    inputs=frozenset({"byteLength", "keepers", "prefix"}),
    required=("byteLength",),
    replaces=frozenset({"byteLength", "keepers", "prefix"}),
    checks=(_at_least("byteLength", MINIMUM_LENGTH),),
)


@dataclass(frozen=True, kw_only=True)
class RandomType:
    constraints: Constraints
    make: Callable[[Props], tuple[str, Props]]


def _text(inputs: Props) -> Props:
    numeric = inputs.get("numeric", inputs.get("number", True))
    letters = CLASSES | {"special": inputs.get("overrideSpecial") or CLASSES["special"]}
    pool = "".join(letters[name] for name in CLASSES if {**inputs, "numeric": numeric}.get(name, True))
    # A minimum holds for a class that is switched off too, as in the real provider.
    text = [secrets.choice(letters[name]) for name, least in MINIMA.items() for _ in range(inputs.get(least, 0))]
    missing = inputs["length"] - len(text)
    if missing and not pool:
        raise ResourceError("at least one of lower, upper, numeric and special must be true")
    text += [secrets.choice(pool) for _ in range(missing)]
    secrets.SystemRandom().shuffle(text)
    return {"result": "".join(text), "numeric": numeric, "number": numeric}


def _password(inputs: Props) -> tuple[str, Props]:
    return "none", _text(inputs)


def _string(inputs: Props) -> tuple[str, Props]:
    made = _text(inputs)
    return made["result"], made


def _id(inputs: Props) -> tuple[str, Props]:
    number = secrets.token_bytes(inputs["byteLength"])
    prefix = inputs.get("prefix", "")
    url = base64.urlsafe_b64encode(number).rstrip(b"=").decode()
    return url, {
        "hex": prefix + number.hex(),
        "dec": prefix + str(int.from_bytes(number)),
        "b64Std": prefix + base64.b64encode(number).decode(),
        "b64Url": prefix + url,
    }


TYPES: Mapping[str, RandomType] = {
    "random:index/randomPassword:RandomPassword": RandomType(constraints=TEXT, make=_password),
    "random:index/randomString:RandomString": RandomType(constraints=TEXT, make=_string),
    "random:index/randomId:RandomId": RandomType(constraints=ID, make=_id),
}


class RandomProvider(Provider):
    package = "random"

    def check(self, call: Call, news: Props, olds: Props, seed: bytes) -> tuple[Props, list[Failure]]:
        constraints = self._type(call).constraints
        inputs = with_defaults(constraints, news)
        return inputs, list(refusals(constraints, inputs))

    def diff(self, call: Call, state: Props, old_inputs: Props, news: Props) -> Difference:
        return difference(self._type(call).constraints, old_inputs, news)

    def create(self, call: Call, inputs: Props) -> tuple[str, Props]:
        new_id, made = self._type(call).make(inputs)
        return new_id, {**inputs, **made}

    def read(self, call: Call, state: Props, inputs: Props) -> tuple[Props, Props] | None:
        return (state, inputs) if state else None

    def update(self, call: Call, state: Props, old_inputs: Props, news: Props) -> Props:
        raise ResourceError(f"{call.type} has no input that an update could change")

    def delete(self, call: Call, state: Props) -> None:
        """What it made is in the state alone, which the engine clears."""

    def _type(self, call: Call) -> RandomType:
        if call.type not in TYPES:
            raise ResourceError(f"the sandbox does not know {call.type} yet: add it to sandbox/providers/random.py")
        return TYPES[call.type]
