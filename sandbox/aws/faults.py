"""Faults on demand: what AWS does on a bad day, at exactly the call you name."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sandbox.errors import SandboxError

KINDS = {
    "fail": "answers with an internal error",
    "throttle": "is throttled a few times before it is served",
    "delay": "takes longer, by the seconds in a third part (delay:CreateNatGateway:2.5)",
    "cut": "never reaches AWS, as if the network to that region were gone",
}
THROTTLED_ANSWERS = 3  # the real provider tries 25 times


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

    @classmethod
    def parse(cls, text: str) -> "Fault":
        kind, _, rest = text.partition(":")
        where, _, seconds = rest.partition(":")
        if kind not in KINDS or not where:
            kinds = "; ".join(f"{name}: the call {meaning}" for name, meaning in KINDS.items())
            raise SandboxError(
                f"--fault {text!r} is not KIND:WHERE. Kinds are: {kinds}.",
                "WHERE is the number of a call, an operation, a region or *: --fault fail:CreateSubnet",
            )
        try:
            return cls(kind=kind, where=where, seconds=float(seconds or 0))
        except ValueError:
            raise SandboxError(
                f"--fault {text!r}: {seconds!r} is not a number of seconds.", "Try delay:*:0.5"
            ) from None

    def meets(self, number: int, region: str, operation: str) -> bool:
        return self.where in {"*", str(number), region, operation}


@dataclass
class Faults:
    """Counts the calls and spoils those that were asked for."""

    faults: Sequence[Fault] = ()
    on_call: Callable[[int, str], None] | None = None
    """Told of each call by number and operation: tests hook in here."""
    calls: int = 0
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


def _strike(fault: Fault, region: str, operation: str, attempt: int) -> None:
    if fault.kind == "fail":
        raise FaultError("InternalError", f"{operation} failed on demand (--fault fail:{fault.where})")
    if fault.kind == "cut":
        raise FaultError("RequestError", f"{operation}: no route to {region} (--fault cut:{fault.where})")
    if fault.kind == "delay":
        time.sleep(fault.seconds)
    elif attempt < THROTTLED_ANSWERS:
        raise FaultError("Throttling", "Rate exceeded")
