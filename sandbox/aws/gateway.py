"""The way to simulated AWS: every call is checked against botocore's whole service model, then answered by moto."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import jmespath

from sandbox.aws.faults import FaultError, Faults
from sandbox.aws.kube import KubeApi

RETRIED = {"Throttling", "RequestLimitExceeded"}
MAX_ATTEMPTS = 25  # as the real provider
RETRY_PAUSE_SECONDS = 0.01
ANSWERED_IN: Mapping[str, str] = dict.fromkeys(("budgets", "cloudfront", "iam", "route53"), "us-east-1")
"""Of the world's own services: the region that takes their changes, whichever one they are asked from (AWS Fault
Isolation Boundaries, "Global services")."""


def _last_logs(client: Any, params: Mapping[str, Any]) -> None:
    """EKS writes them in its own name, which nobody can forbid, and makes their group anew (terraform-aws-eks#2763)."""
    if params["logGroupName"].startswith("/aws/eks/"):
        client.create_log_group(logGroupName=params["logGroupName"])


UNDER_WAY: Mapping[str, Callable[[Any, Mapping[str, Any]], None]] = {"DeleteLogGroup": _last_logs}
"""What AWS's services still do after a call that comes too early for them."""


class AwsError(Exception):
    """AWS refused or failed; ``code`` is its error code (``InvalidSubnet.Conflict``)."""

    def __init__(self, service: str, operation: str, code: str, message: str) -> None:
        super().__init__(f"{service.upper()} {operation}: {code}: {message}")
        self.code = code


class Gateway:
    """One account's AWS. Calls are served one at a time: moto's backends are not made for threads."""

    def __init__(self, faults: Faults | None = None, kube: KubeApi | None = None) -> None:
        self.faults = faults or Faults()
        self.kube = kube
        """What clusters report as their endpoint, if not one that only exists in the simulation."""
        self.unprotect = False
        """Deletions first lift AWS's own protection: the operator has said so."""
        self.lock = threading.RLock()
        self.on_wake: Callable[[], object] = lambda: None
        """What has to be in place before the first call."""
        self._awake = False
        self._clients: dict[tuple[str, str], Any] = {}

    def region(self, name: str) -> "Region":
        return Region(self, name)

    def regions(self) -> list[str]:
        """Those that were used so far."""
        return sorted({region for region, _ in self._clients})

    def call(self, region: str, service: str, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Raise AwsError for what the service model forbids, what AWS refuses, and what a fault spoils."""
        number = self.faults.count(operation)
        for attempt in range(MAX_ATTEMPTS):
            try:
                self.faults.strike(number, ANSWERED_IN.get(service, region), operation, attempt)
                break
            except FaultError as fault:
                if fault.code not in RETRIED:
                    raise AwsError(service, operation, fault.code, str(fault)) from None
                time.sleep(RETRY_PAUSE_SECONDS)
        waited = 0
        while hit := self.faults.hits(operation, params, waited):
            if not hit.retried:
                raise AwsError(service, operation, hit.code, hit.message)
            waited += 1
        with self.lock:
            self.wake()
            from sandbox.aws import moto_calls  # noqa: PLC0415 - as in wake

            if (region, service) not in self._clients:
                self._clients[region, service] = moto_calls.client(region, service)
            client = self._clients[region, service]
            reply = moto_calls.call(client, service, operation, params)
            self.faults.served(number, region, operation, params, reply)
            if operation in UNDER_WAY and self.faults.leaves_over(number, region, operation):
                UNDER_WAY[operation](client, params)
            return reply

    def wake(self) -> None:
        """Load moto, which takes longer than the rest of a preview that never calls AWS: so not before it is needed."""
        with self.lock:
            if not self._awake:
                from sandbox.aws.services import teach_moto  # noqa: PLC0415

                teach_moto()
                self.on_wake()
                self._awake = True


class Region:
    """AWS as one resource handler sees it."""

    def __init__(self, gateway: Gateway, name: str) -> None:
        self.name = name
        self._gateway = gateway

    @property
    def kube(self) -> KubeApi | None:
        return self._gateway.kube

    @property
    def unprotect(self) -> bool:
        return self._gateway.unprotect

    def elsewhere(self, name: str) -> "Region":
        return self._gateway.region(name)

    def call(self, service: str, operation: str, **params: Any) -> dict[str, Any]:
        return self._gateway.call(self.name, service, operation, params)

    def find(self, service: str, operation: str, path: str, missing: tuple[str, ...] = (), **params: Any) -> Any:
        """What stands at a JMESPath of the reply, or None; an error code in ``missing`` means None too."""
        try:
            return jmespath.search(path, self.call(service, operation, **params))
        except AwsError as error:
            if error.code in missing:
                return None
            raise
