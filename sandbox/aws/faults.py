"""Faults on demand: what AWS does on a bad day, at exactly the call you name."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.aws.eventual import Consumer, Eventual
from sandbox.errors import SandboxError

KINDS = {
    "fail": "answers with an internal error",
    "throttle": "is throttled a few times before it is served",
    "delay": "takes longer, by the seconds in a third part (delay:CreateNatGateway:2.5)",
    "cut": "never reaches AWS, as if the network to that region were gone",
    "eventual": "is answered at once, and what it made takes effect calls later (eventual:CreateKey:20)",
    "leftover": "is followed by what was under way (leftover:DeleteLogGroup: EKS writes a cluster's last logs)",
}
THROTTLED_ANSWERS = 3  # the real provider tries 25 times
LATE_CALLS = 20  # where an eventual fault does not say


class FaultError(Exception):
    """AWS did not do what it was asked; ``code`` is the error code it gave."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Fault:
    """``where`` is the number of a call counted from 1, an operation, a region, or ``*``."""

    kind: str
    where: str
    seconds: float = 0.0
    calls: int = LATE_CALLS

    @classmethod
    def parse(cls, text: str) -> "Fault":
        kind, _, rest = text.partition(":")
        where, _, amount = rest.partition(":")
        if kind not in KINDS or not where:
            kinds = "; ".join(f"{name}: the call {meaning}" for name, meaning in KINDS.items())
            raise SandboxError(
                f"--fault {text!r} is not KIND:WHERE. Kinds are: {kinds}.",
                "WHERE is the number of a call, an operation, a region or *: --fault fail:CreateSubnet",
            )
        try:
            if kind == "eventual":
                return cls(kind=kind, where=where, calls=int(amount or LATE_CALLS))
            return cls(kind=kind, where=where, seconds=float(amount or 0))
        except ValueError:
            unit, example = ("calls", "eventual:*:20") if kind == "eventual" else ("seconds", "delay:*:0.5")
            raise SandboxError(f"--fault {text!r}: {amount!r} is not a number of {unit}.", f"Try {example}") from None

    def meets(self, number: int, region: str, operation: str) -> bool:
        return self.where in {"*", str(number), region, operation}


@dataclass
class Faults:
    """Counts the calls and spoils those that were asked for."""

    faults: Sequence[Fault] = ()
    on_call: Callable[[int, str], None] | None = None
    """Told of each call by number and operation: tests hook in here."""
    calls: int = 0
    eventual: Eventual = field(default_factory=Eventual)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, operation: str) -> int:
        """The number of this call, from 1."""
        with self._lock:
            self.calls += 1
            number = self.calls
        if self.on_call:
            self.on_call(number, operation)
        return number

    def strike(self, number: int, region: str, operation: str, attempt: int) -> None:
        """Raise FaultError if this call is to fail; ``attempt`` counts its retries from 0."""
        for fault in self.faults:
            if fault.meets(number, region, operation):
                _strike(fault, region, operation, attempt)

    def hits(self, operation: str, params: Mapping[str, Any], waited: int = 0) -> Consumer | None:
        """What the call trips over because it is not in effect yet, after it waited as long as so many calls take."""
        return self.eventual.hits(operation, params, self.calls + waited)

    def is_late(self, thing: str, name: str) -> bool:
        return self.eventual.is_late(thing, name, self.calls)

    def served(
        self, number: int, region: str, operation: str, params: Mapping[str, Any], reply: Mapping[str, Any]
    ) -> None:
        """AWS has done what it was asked: some of it will count later."""
        for fault in self.faults:
            if fault.kind == "eventual" and fault.meets(number, region, operation):
                self.eventual.made(operation, params, reply, self.calls + fault.calls)

    def leaves_over(self, number: int, region: str, operation: str) -> bool:
        """Whether something that was under way comes after the call."""
        return any(fault.kind == "leftover" and fault.meets(number, region, operation) for fault in self.faults)


def _strike(fault: Fault, region: str, operation: str, attempt: int) -> None:
    if fault.kind == "fail":
        raise FaultError("InternalError", f"{operation} failed on demand (--fault fail:{fault.where})")
    if fault.kind == "cut":
        raise FaultError("RequestError", f"{operation}: no route to {region} (--fault cut:{fault.where})")
    if fault.kind == "delay":
        time.sleep(fault.seconds)
    elif fault.kind == "throttle" and attempt < THROTTLED_ANSWERS:
        raise FaultError("Throttling", "Rate exceeded")
