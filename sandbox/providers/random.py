"""The simulated ``random`` provider: passwords, strings and ids; what it made lives only in the engine's state.

Every input replaces, as in the real one. ``bcryptHash`` of a password is not computed.
"""

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.providers.constraints import Constraints
from sandbox.providers.properties import Props
from sandbox.providers.server import Call, Difference, Failure, Provider, ResourceError
from sandbox.providers.table import difference, refusals, with_defaults

CLASSES = {
    "lower": "abcdefghijklmnopqrstuvwxyz",
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "numeric": "0123456789",
    "special": "!@#$%&*()-_=+[]{}<>:?",
}
MINIMA = {"lower": "minLower", "upper": "minUpper", "numeric": "minNumeric", "special": "minSpecial"}
TEXT_INPUTS = frozenset({"length", "overrideSpecial", "number", "keepers", *CLASSES, *MINIMA.values()})
TEXT = Constraints(
    source="terraform-provider-random internal/provider/resource_password.go",
    inputs=TEXT_INPUTS,
    required=("length",),
    replaces=TEXT_INPUTS,
    conflicts=(("number", "numeric"),),
    ranges={"length": (1, 4096)},
    defaults=dict.fromkeys(CLASSES, True) | dict.fromkeys(MINIMA.values(), 0),
    checks=(
        lambda inputs: (
            "length must be at least the sum of minUpper, minLower, minNumeric and minSpecial"
            if inputs.get("length", 4096) < sum(inputs.get(name, 0) for name in MINIMA.values())
            else None
        ),
    ),
)
ID = Constraints(
    source="terraform-provider-random internal/provider/resource_id.go",
    inputs=frozenset({"byteLength", "keepers", "prefix"}),
    required=("byteLength",),
    replaces=frozenset({"byteLength", "keepers", "prefix"}),
    ranges={"byteLength": (1, 4096)},
)


@dataclass(frozen=True, kw_only=True)
class RandomType:
    constraints: Constraints
    make: Callable[[Props], tuple[str, Props]]


def _text(inputs: Props) -> str:
    chosen = {name: letters for name, letters in CLASSES.items() if inputs.get(name, True)}
    if "special" in chosen and inputs.get("overrideSpecial"):
        chosen["special"] = inputs["overrideSpecial"]
    if not chosen:
        raise ResourceError("at least one of lower, upper, numeric and special must be true")
    letters = [secrets.choice(chosen[name]) for name in chosen for _ in range(inputs.get(MINIMA[name], 0))]
    letters += [secrets.choice("".join(chosen.values())) for _ in range(inputs["length"] - len(letters))]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)


def _password(inputs: Props) -> tuple[str, Props]:
    return "none", {"result": _text(inputs)}


def _string(inputs: Props) -> tuple[str, Props]:
    text = _text(inputs)
    return text, {"result": text}


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
