"""The simulated Kubernetes as the engine would use it, without the engine."""

from collections.abc import Mapping
from pathlib import Path
from threading import RLock
from typing import Any

from sandbox.aws.store import Store
from sandbox.kubernetes.cluster import Cluster
from sandbox.kubernetes.provider import KubernetesProvider
from sandbox.providers.properties import Props
from sandbox.providers.provider import Call, Difference

URL = "https://0123456789ABCDEF.gr7.ap-south-1.eks.amazonaws.com"
SEED = bytes.fromhex("0123456789abcdef")
RELEASE = "kubernetes:helm.sh/v3:Release"
NAMESPACE = "kubernetes:core/v1:Namespace"
REPOSITORIES = {
    "aws-load-balancer-controller": "https://aws.github.io/eks-charts",
    "external-secrets": "https://charts.external-secrets.io",
}


def kubeconfig(url: str = URL) -> Props:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "kubernetes", "cluster": {"server": url}}],
        "contexts": [{"name": "aws", "context": {"cluster": "kubernetes", "user": "aws"}}],
        "current-context": "aws",
    }


class Made:
    """A resource of a program, and what the engine knows of it."""

    def __init__(self, type_: str, name: str, resource_id: str, inputs: Props, state: Props) -> None:
        self.type, self.name, self.id, self.inputs, self.state = type_, name, resource_id, inputs, state


class Kubernetes:
    """One program's provider and cluster. ``up`` is what stands where, by URL; take one away and it is unreachable."""

    def __init__(self, folder: Path, schemas: Mapping[tuple[str, str], Props] | None = None) -> None:
        self.folder, self.schemas = folder, schemas
        self.up: dict[str, Cluster] = {URL: Cluster(version="1.35", region="ap-south-1", identity="first")}
        self.config: Props = {"kubeconfig": kubeconfig()}
        self.start()

    def start(self) -> None:
        """Begin, or begin anew with what the file remembers."""
        self.store = Store(self.folder / "aws.pickle", RLock())
        self.store.load()
        self.provider = KubernetesProvider(self.store, self.up.get, self.schemas)

    def call(self, type_: str, name: str = "it", resource_id: str = "") -> Call:
        urn = f"urn:pulumi:staging::dhaka::{type_}::{name}"
        return Call(type=type_, urn=urn, name=name, config=self.config, id=resource_id)

    def check(self, type_: str, given: Props, olds: Props | None = None, name: str = "it") -> tuple[Props, str]:
        """The inputs, and why they are refused."""
        inputs, failures = self.provider.check(self.call(type_, name), given, olds or {}, SEED)
        return inputs, "; ".join(failure.reason for failure in failures)

    def refusal(self, type_: str, given: Props) -> str:
        return self.check(type_, given)[1]

    def make(self, type_: str, given: Props, name: str = "it") -> Made:
        inputs, refused = self.check(type_, given, name=name)
        assert not refused, refused
        made = self.provider.create(self.call(type_, name), inputs)
        return Made(type_, name, made[0], inputs, made[1])

    def diff(self, made: Made, given: Props) -> Difference:
        news, refused = self.check(made.type, given, made.inputs, made.name)
        assert not refused, refused
        return self.provider.diff(self.call(made.type, made.name, made.id), made.state, made.inputs, news)

    def preview(self, made: Made, given: Props) -> Props:
        """What an update would bring about, or why it would not."""
        news, refused = self.check(made.type, given, made.inputs, made.name)
        assert not refused, refused
        return self.provider.previewed(self.call(made.type, made.name, made.id), made.state, news)

    def change(self, made: Made, given: Props) -> Props:
        """Update in place, and what stands then."""
        news, refused = self.check(made.type, given, made.inputs, made.name)
        assert not refused, refused
        call = self.call(made.type, made.name, made.id)
        made.state = self.provider.update(call, made.state, made.inputs, news)
        made.inputs = news
        return made.state

    def refresh(self, made: Made) -> Made | None:
        found = self.provider.read(self.call(made.type, made.name, made.id), made.state, made.inputs)
        return found and Made(made.type, made.name, made.id, found[1], found[0])

    def delete(self, made: Made) -> None:
        self.provider.delete(self.call(made.type, made.name, made.id), made.state)

    def namespace(self, name: str) -> Made:
        return self.make(NAMESPACE, thing("v1", "Namespace", name), name)

    def install(self, chart: str, /, **inputs: Any) -> Made:
        return self.make(RELEASE, release(chart, **inputs), chart)

    def standing(self, kind: str) -> set[str]:
        """The names of what stands of a kind."""
        objects = self.provider.objects(URL)
        return {value["metadata"]["name"] for value in objects if value["kind"] == kind}


def thing(api_version: str, kind: str, name: str | None = None, namespace: str | None = None, **fields: Any) -> Props:
    meta = {"name": name, "namespace": namespace, **fields.pop("metadata", {})}
    meta = {key: value for key, value in meta.items() if value is not None}
    return {"apiVersion": api_version, "kind": kind, "metadata": meta, **fields}


def release(chart: str, /, **inputs: Any) -> Props:
    repository = REPOSITORIES.get(chart)
    source = {"chart": chart, "repositoryOpts": {"repo": repository}} if repository else {"chart": f"oci://x.y/{chart}"}
    return {"name": chart, "namespace": "kube-system", "version": "1.2.3", "values": {}, **source, **inputs}


DEPLOYMENT = "kubernetes:apps/v1:Deployment"


def deployment(name: str | None = "web", namespace: str | None = None, **spec: Any) -> Props:
    labels = {"app": "web"}
    pods = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": "web@sha256:0"}]}}
    spec = {"selector": {"matchLabels": labels}, "template": pods, **spec}
    return thing("apps/v1", "Deployment", name, namespace, spec=spec)


def container(**fields: Any) -> Props:
    """A Deployment's template of one container."""
    one = {"name": "web", "image": "web", **fields}
    return {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [one]}}


INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"


def ingress(name: str = "shop", **annotations: str) -> Props:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    marks = {key.replace("__", "/").replace("_", "."): text for key, text in annotations.items()}
    spec = {"ingressClassName": "alb", "defaultBackend": backend}
    return thing("networking.k8s.io/v1", "Ingress", name, metadata={"annotations": marks}, spec=spec)


NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"


def node_pool(node_class: str = "default") -> Props:
    reference = {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": node_class}
    template = {"spec": {"nodeClassRef": reference, "requirements": []}}
    return thing("karpenter.sh/v1", "NodePool", "base", spec={"template": template})


def node_class() -> Props:
    chosen = [{"tags": {"cluster": "shop"}}]
    spec = {"role": "nodes", "subnetSelectorTerms": chosen, "securityGroupSelectorTerms": chosen}
    alias = [{"alias": "bottlerocket@1.66.0"}]
    return thing("karpenter.k8s.aws/v1", "EC2NodeClass", "default", spec={**spec, "amiSelectorTerms": alias})


def store() -> Props:
    aws = {"service": "SecretsManager", "region": "ap-south-1"}
    return thing("external-secrets.io/v1", "ClusterSecretStore", "aws", spec={"provider": {"aws": aws}})


def binding() -> Props:
    spec = {"serviceRef": {"name": "web", "port": 80}, "targetGroupARN": "arn:of:group"}
    return thing("elbv2.k8s.aws/v1beta1", "TargetGroupBinding", "web", spec=spec)


COMPLETE = {
    **{found["kind"]: found["spec"] for found in (node_pool(), node_class(), store(), binding())},
    "PodMonitor": {"selector": {}},
    "PrometheusRule": {"groups": []},
    "ServiceMonitor": {"endpoints": [], "selector": {}},
}
"""A specification that the kind's definition takes."""
