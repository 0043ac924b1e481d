"""The way to simulated AWS: every call is checked against botocore's whole service model, then answered by moto."""

import functools
import threading
import time
from collections.abc import Mapping
from typing import Any

import boto3
import jmespath
from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import OperationModel

from sandbox.aws.faults import FaultError, Faults
from sandbox.aws.kube import KubeApi
from sandbox.aws.model import problems
from sandbox.aws.recorded import teach_moto

RETRIED = {"Throttling", "RequestLimitExceeded"}
MAX_ATTEMPTS = 25  # as the real provider
RETRY_PAUSE_SECONDS = 0.01


class AwsError(Exception):
    """AWS refused or failed; ``code`` is its error code (``InvalidSubnet.Conflict``)."""

    def __init__(self, service: str, operation: str, code: str, message: str) -> None:
        super().__init__(f"{service.upper()} {operation}: {code}: {message}")
        self.code = code


@functools.cache
def _session() -> boto3.session.Session:
    """One for all: it keeps the service models it has read, megabytes of JSON."""
    return boto3.session.Session(aws_access_key_id="sandbox", aws_secret_access_key="sandbox")  # noqa: S106


class Gateway:
    """One account's AWS. Calls are served one at a time: moto's backends are not made for threads."""

    def __init__(self, faults: Faults | None = None, kube: KubeApi | None = None) -> None:
        self.faults = faults or Faults()
        self.kube = kube
        """What clusters report as their endpoint, if not one that only exists in the simulation."""
        self.unprotect = False
        """Deletions first lift AWS's own protection: the operator has said so."""
        self.lock = threading.RLock()
        self._clients: dict[tuple[str, str], Any] = {}
        teach_moto()

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
                self.faults.strike(number, region, operation, attempt)
                break
            except FaultError as fault:
                if fault.code not in RETRIED:
                    raise AwsError(service, operation, fault.code, str(fault)) from None
                time.sleep(RETRY_PAUSE_SECONDS)
        with self.lock:
            client = self._client(region, service)
            model: OperationModel = client.meta.service_model.operation_model(operation)
            if wrong := problems(model, params):
                raise AwsError(service, operation, "ValidationError", "; ".join(wrong))
            try:
                return getattr(client, xform_name(operation))(**params)
            except ClientError as error:
                answer = error.response.get("Error", {})
                code, message = answer.get("Code", "Unknown"), answer.get("Message", str(error))
                raise AwsError(service, operation, code, message) from None
            except NotImplementedError:
                why = "moto has no such operation"
                raise AwsError(service, operation, "NotImplemented", why) from None
            except BotoCoreError as error:
                raise AwsError(service, operation, "ClientError", str(error)) from None

    def _client(self, region: str, service: str) -> Any:
        key = (region, service)
        if key not in self._clients:
            make: Any = _session().client  # pyright: ignore[reportUnknownVariableType] - an overload for each service
            self._clients[key] = make(service, region_name=region)
        return self._clients[key]


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
