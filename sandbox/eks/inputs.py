"""Which inputs of ``eks:index:Cluster`` are simulated: those of its lean form, in which it makes the cluster only.

Source: pulumi-eks nodejs/eks/cluster/cluster.ts, createCore and createCluster.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

NODES = "a default node group"
COREDNS = "the CoreDNS add-on"
LEAN: Mapping[str, tuple[tuple[Any, ...], str]] = {
    "skipDefaultNodeGroup": ((True,), NODES),
    "skipDefaultSecurityGroups": ((True,), "security groups beside the one of EKS"),
    "useDefaultVpcCni": ((True,), "the VPC CNI add-on"),
    "kubeProxyAddonOptions.enabled": ((False,), "the kube-proxy add-on"),
    "corednsAddonOptions.enabled": ((None, False), COREDNS),
    "corednsAddonOptions.configurationValues": ((None,), COREDNS),
    "createInstanceRole": ((None, False), "a role for nodes"),
    "createOidcProvider": ((None, False), "an OIDC provider"),
    "authenticationMode": (("API",), "the aws-auth ConfigMap"),
}
"""What an input must be, and what the component would make otherwise."""
REQUIRED: Mapping[str, str] = {"serviceRole": "a service role", "vpcId": "the cluster in the default VPC"}
"""What the component would make without the input."""
PASSED_ON = frozenset(
    {
        *("name", "version", "tags", "clusterTags", "subnetIds", "publicSubnetIds", "privateSubnetIds"),
        *("endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs", "enabledClusterLogTypes"),
        *("encryptionConfigKeyArn", "deletionProtection", "upgradePolicy", "bootstrapSelfManagedAddons"),
        *("kubernetesServiceIpAddressRange", "ipFamily", "enableConfigMapMutable"),
        *("accessEntries", "providerCredentialOpts"),
    }
)


def refusals(inputs: Mapping[str, Any]) -> list[str]:
    """Everything that is wrong, or that the sandbox would have to leave out."""
    return [*_not_simulated(inputs), *_contradictions(inputs)]


def _not_simulated(inputs: Mapping[str, Any]) -> Iterator[str]:
    lean = {path.partition(".")[0] for path in LEAN}
    for name in sorted(inputs.keys() - PASSED_ON - REQUIRED.keys() - lean):
        yield f"{name} is not simulated yet: leave it out"
    for name, otherwise in REQUIRED.items():
        if name not in inputs:
            yield f"{name} is missing: without it the component makes {otherwise}, which is not simulated yet"
    for path, (allowed, otherwise) in LEAN.items():
        value = _at(inputs, path)
        if value not in allowed:
            yield (
                f"{path} is {value!r}: with that the component makes {otherwise}, which is not simulated yet; "
                f"set it to {allowed[-1]!r}"
            )


def _contradictions(inputs: Mapping[str, Any]) -> Iterator[str]:
    """What the real component refuses, in its words."""
    if "publicAccessCidrs" in inputs and inputs.get("endpointPublicAccess") is False:
        yield "`publicAccessCidrs` can only be set when `endpointPublicAccess` is true"
    if "subnetIds" in inputs and inputs.keys() & {"publicSubnetIds", "privateSubnetIds"}:
        yield (
            "subnetIds, and the use of publicSubnetIds and/or privateSubnetIds are mutually exclusive. "
            "Choose a single approach."
        )


def _at(inputs: Mapping[str, Any], path: str) -> Any:
    name, _, member = path.partition(".")
    value = inputs.get(name)
    return cast("Mapping[str, Any]", value).get(member) if member and isinstance(value, Mapping) else value
