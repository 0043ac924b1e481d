"""The AWS Load Balancer Controller itself, for as long as a Helm release of it stands: against simulated AWS.

What its chart installs that others notice is installed with it: the class, and the webhooks that answer for Ingresses
and put readiness gates into pods (helm/aws-load-balancer-controller/templates of the controller's repository).
"""

import base64
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import urllib3

from sandbox.control_plane.plane import ControlPlane
from sandbox.control_plane.process import POLL_SECONDS
from sandbox.errors import SandboxError
from sandbox.kubernetes.objects import Kind, name_of
from sandbox.kubernetes.plain import is_map, map_at
from sandbox.providers.properties import Props

NAME = "aws-load-balancer-controller"
SERVICES = ("EC2", "Elastic Load Balancing v2", "ACM", "Resource Groups Tagging API", "WAFV2", "WAF Regional", "STS")
"""That it calls, as the AWS SDK for Go names them."""
FLAGS = {
    "clusterName": "cluster-name",
    "region": "aws-region",
    "vpcId": "aws-vpc-id",
    "ingressClass": "ingress-class",
    "defaultTargetType": "default-target-type",
    "defaultTags": "default-tags",
    "enableShield": "enable-shield",
    "enableWaf": "enable-waf",
    "enableWafv2": "enable-wafv2",
    "logLevel": "log-level",
}
"""By the chart's values; what only says how it is run has no part here."""
ELB = ("elbv2.k8s.aws", "v1beta1")
GATE = {
    "matchExpressions": [{"key": "elbv2.k8s.aws/pod-readiness-gate-inject", "operator": "In", "values": ["enabled"]}]
}
READY_SECONDS = 60
ACCOUNT = {"AWS_ACCESS_KEY_ID": "sandbox", "AWS_SECRET_ACCESS_KEY": "sandbox", "AWS_EC2_METADATA_DISABLED": "true"}


class LoadBalancers:
    """``aws`` is where simulated AWS listens; that changes from command to command, and the process with it."""

    def __init__(self, plane: ControlPlane, program: Path, aws: str) -> None:
        self._plane, self._program, self._aws = plane, program, aws
        self._process = plane.process(NAME)

    def install(self, values: Mapping[str, Any]) -> None:
        """Whatever of it does not stand, or stands otherwise; the controller is started anew."""
        self.stop()
        self.start(values)
        for value in _objects(values, self._plane):
            self._plane.api.apply(value, force=True)

    def uninstall(self, values: Mapping[str, Any]) -> None:
        for value in reversed(list(_objects(values, self._plane))):
            self._plane.api.delete(Kind(api_version=value["apiVersion"], kind=value["kind"]), None, name_of(value))
        self.stop()

    def start(self, values: Mapping[str, Any]) -> None:
        self._process.start([self._program, *self._flags(values)], ACCOUNT | {"PATH": os.environ.get("PATH", "")})
        self._wait()

    def stop(self) -> None:
        self._process.stop()

    def _flags(self, values: Mapping[str, Any]) -> list[str]:
        given = {flag: _text(values[name]) for name, flag in FLAGS.items() if name in values}
        return [
            *(f"--{flag}={value}" for flag, value in given.items()),
            f"--feature-gates={_text(map_at(dict(values), 'controllerConfig', 'featureGates'))}",
            f"--aws-api-endpoints={','.join(f'{service}={self._aws}' for service in SERVICES)}",
            f"--kubeconfig={self._plane.kubeconfig}",
            "--enable-leader-election=false",
            "--metrics-bind-addr=0",
            f"--health-probe-bind-addr=127.0.0.1:{self._plane.port('health')}",
            f"--webhook-bind-port={self._plane.port('webhooks')}",
            f"--webhook-cert-dir={self._plane.pki}",
        ]

    def _wait(self) -> None:
        """Until its webhooks answer: from then on it can be relied on."""
        end = time.monotonic() + READY_SECONDS
        pool = urllib3.PoolManager(ca_certs=str(self._plane.pki / "ca.crt"), retries=False)
        while True:
            self._process.require_alive()
            try:
                pool.request("GET", _webhooks(self._plane))
            except urllib3.exceptions.HTTPError as error:
                if time.monotonic() > end:
                    raise SandboxError(
                        f"{NAME} did not answer within {READY_SECONDS} seconds ({error}).", f"see {self._process.log}"
                    ) from None
                time.sleep(POLL_SECONDS)
            else:
                return


def _text(value: Any) -> str:
    if is_map(value):
        return ",".join(f"{name}={_text(item)}" for name, item in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


def _webhooks(plane: ControlPlane) -> str:
    return f"https://127.0.0.1:{plane.port('webhooks')}"


def _objects(values: Mapping[str, Any], plane: ControlPlane) -> Iterator[Props]:
    yield {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "IngressClass",
        "metadata": {"name": values.get("ingressClass", "alb")},
        "spec": {"controller": "ingress.k8s.aws/alb"},
    }
    hook = _Hooks(plane)
    pods = hook("mpod", "mutate-v1-pod", ("", "v1"), "pods", ["CREATE"])
    yield hook.configuration(
        "Mutating",
        [
            pods | {"namespaceSelector": GATE, "failurePolicy": "Ignore"},
            hook("mtargetgroupbinding", "mutate-elbv2-k8s-aws-v1beta1-targetgroupbinding", ELB, "targetgroupbindings"),
        ],
    )
    yield hook.configuration(
        "Validating",
        [
            hook(
                "vtargetgroupbinding", "validate-elbv2-k8s-aws-v1beta1-targetgroupbinding", ELB, "targetgroupbindings"
            ),
            hook("vingress", "validate-networking-v1-ingress", ("networking.k8s.io", "v1"), "ingresses"),
        ],
    )


class _Hooks:
    """Webhooks as the chart has them, but that they are called at an address: no Service leads out of this cluster."""

    def __init__(self, plane: ControlPlane) -> None:
        self._url = _webhooks(plane)
        self._authority = base64.b64encode((plane.pki / "ca.crt").read_bytes()).decode()

    def __call__(
        self, name: str, path: str, of: tuple[str, str], resource: str, operations: Sequence[str] = ("CREATE", "UPDATE")
    ) -> Props:
        group, version = of
        rule = {"apiGroups": [group], "apiVersions": [version], "operations": [*operations], "resources": [resource]}
        return {
            "name": f"{name}.elbv2.k8s.aws",
            "clientConfig": {"url": f"{self._url}/{path}", "caBundle": self._authority},
            "rules": [rule],
            "admissionReviewVersions": ["v1beta1"],
            "failurePolicy": "Fail",
            "sideEffects": "None",
        }

    def configuration(self, kind: str, webhooks: list[Props]) -> Props:
        return {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": f"{kind}WebhookConfiguration",
            "metadata": {"name": "aws-load-balancer-webhook"},
            "webhooks": webhooks,
        }
