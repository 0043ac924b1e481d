"""The kubeconfig of a cluster as pulumi-eks writes it, its keys in the same order: the text is compared whole.

Source: pulumi-eks nodejs/eks/cluster/cluster.ts, generateKubeconfig.
"""

import json
from collections.abc import Mapping
from typing import Any

FLAGS = {"--role": "roleArn", "--profile": "profileName"}  # the aws command takes --role for --role-arn
API = "client.authentication.k8s.io/v1beta1"


def kubeconfig(name: str, endpoint: str, ca_data: str, arn: str, options: Mapping[str, str] | None) -> dict[str, Any]:
    """Credentials come from ``aws eks get-token``, as the role and with the profile that ``options`` name."""
    wanted, region = options or {}, arn.split(":")[3]
    arguments = ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"]
    for flag, option in FLAGS.items():
        arguments += [flag, wanted[option]] if wanted.get(option) else []
    info = {"name": "KUBERNETES_EXEC_INFO", "value": json.dumps({"apiVersion": API})}
    token = {"apiVersion": API, "command": "aws", "args": arguments, "env": [info]}
    return {
        "apiVersion": "v1",
        "clusters": [
            {"cluster": {"server": endpoint, "certificate-authority-data": ca_data}, "name": "kubernetes"},
        ],
        "contexts": [{"context": {"cluster": "kubernetes", "user": "aws"}, "name": "aws"}],
        "current-context": "aws",
        "kind": "Config",
        "users": [{"name": "aws", "user": {"exec": token}}],
    }


def text(config: dict[str, Any]) -> str:
    """As JavaScript writes JSON."""
    return json.dumps(config, separators=(",", ":"), ensure_ascii=False)
