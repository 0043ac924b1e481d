"""``eks:index:Cluster`` in its lean form: the same children, inputs and outputs as the real component's.

Source: pulumi-eks nodejs/eks/cluster/cluster.ts and authenticationMode.ts, and what the component of that source
registered when it was run. It waits for the public endpoint to answer; this does not.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.eks.kubeconfig import kubeconfig, text
from sandbox.providers.component import Component, Made
from sandbox.providers.values import Value, derived, together

AWS_SDK, KUBERNETES_SDK = "7.25.0", "4.34.2"  # of pulumi-eks 4.4: nodejs/eks/yarn.lock
CREATION_TIME_ONLY = ("accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons")
EMPTY = Value("")
Strings = dict[str, str]


def make(component: Component) -> Mapping[str, Value]:
    """Register everything; what comes back is known as far as the engine knows it."""
    role = component.look_up("serviceRole")
    component.register()
    cluster = _cluster(component, role)
    options = component.given("providerCredentialOpts")
    shared = _kubeconfig(cluster, options.to(_without_profile))
    provider = component.child(
        "pulumi:providers:kubernetes",
        f"{component.name}-eks-k8s",
        {
            "kubeconfig": _kubeconfig(cluster, options).to(text),
            "enableConfigMapMutable": component.given("enableConfigMapMutable").to(json.dumps),
        },
        version=KUBERNETES_SDK,
    )
    _access_entries(component, cluster)
    security_group = cluster.output("vpcConfig", "clusterSecurityGroupId")
    issuer = cluster.output("identities", 0, "oidcs", 0, "issuer").or_else("")
    return {
        "kubeconfig": shared,
        "kubeconfigJson": shared.to(text),
        "instanceRoles": Value([]),
        "eksCluster": cluster.reference,
        "core": _core(component, cluster, provider, role, shared),
        "clusterSecurityGroupId": security_group,
        "nodeSecurityGroupId": security_group,
        "clusterIngressRuleId": EMPTY,
        "defaultNodeGroupAsgName": EMPTY,
        "fargateProfileId": EMPTY,
        "fargateProfileStatus": EMPTY,
        "oidcProviderArn": EMPTY,
        "oidcProviderUrl": issuer,
        "oidcIssuer": issuer.to(lambda url: url.removeprefix("https://")),
        "autoModeNodeRoleName": EMPTY,
    }


def _cluster(component: Component, role: Made) -> Made:
    given = component.given
    network = together(
        subnetIds=_subnets(component),
        endpointPrivateAccess=given("endpointPrivateAccess"),
        endpointPublicAccess=given("endpointPublicAccess"),
        publicAccessCidrs=given("publicAccessCidrs"),
    )
    return component.child(
        "aws:eks/cluster:Cluster",
        f"{component.name}-eksCluster",
        {
            "name": given("name"),
            "roleArn": role.output("arn"),
            "kubernetesNetworkConfig": derived(_addresses, given("kubernetesServiceIpAddressRange"), given("ipFamily")),
            "bootstrapSelfManagedAddons": given("bootstrapSelfManagedAddons").or_else(True),
            "vpcConfig": network,
            "version": given("version"),
            "enabledClusterLogTypes": given("enabledClusterLogTypes"),
            "tags": derived(_tags(component), given("clusterTags"), given("tags")),
            "encryptionConfig": _encryption(component),
            "accessConfig": together(
                authenticationMode=given("authenticationMode"), bootstrapClusterCreatorAdminPermissions=Value(True)
            ),
            "upgradePolicy": given("upgradePolicy"),
            "deletionProtection": given("deletionProtection"),
        },
        version=AWS_SDK,
        ignore_changes=CREATION_TIME_ONLY,
    )


def _subnets(component: Component) -> Value:
    def joined(public: list[str] | None, private: list[str] | None) -> list[str]:
        return [*(public or []), *(private or [])]

    if component.given("subnetIds").content is not None:
        return component.given("subnetIds")
    return derived(joined, component.given("publicSubnetIds"), component.given("privateSubnetIds"))


def _tags(component: Component) -> Callable[[Strings | None, Strings | None], Strings]:
    """The component's own tags win over the cluster's."""
    return lambda more, own: {"Name": f"{component.name}-eksCluster", **(more or {}), **(own or {})}


def _encryption(component: Component) -> Value:
    key = component.given("encryptionConfigKeyArn")
    return key.to(lambda arn: {"provider": {"keyArn": arn}, "resources": ["secrets"]})


def _addresses(services: str | None, family: str | None) -> Strings | None:
    if services is None and family is None:
        return None
    ipv4 = {"serviceIpv4Cidr": services} if services and family in {None, "ipv4"} else {}
    return {"ipFamily": family or "ipv4"} | ipv4


def _kubeconfig(cluster: Made, options: Value) -> Value:
    authority = cluster.output("certificateAuthority", "data")
    return derived(
        kubeconfig, cluster.output("name"), cluster.output("endpoint"), authority, cluster.output("arn"), options
    )


def _without_profile(options: Strings) -> Strings:
    """The Kubernetes provider uses the profile of this machine; a kubeconfig for people does not name it."""
    return {name: value for name, value in options.items() if name != "profileName"}


def _access_entries(component: Component, cluster: Made) -> None:
    entries = component.given("accessEntries")
    known: Mapping[str, Mapping[str, Any]] = entries.content or {}
    for name, entry in sorted(known.items()):

        def of(content: Any) -> Value:
            return Value(content, entries.sources, secret=entries.secret)

        made = component.child(
            "aws:eks/accessEntry:AccessEntry",
            f"{component.name}-{name}",
            {
                "clusterName": cluster.output("name"),
                "userName": of(entry.get("username")),
                **{key: of(entry.get(key)) for key in ("principalArn", "kubernetesGroups", "type", "tags")},
            },
            version=AWS_SDK,
            depends_on=[cluster],
        )
        for policy, association in sorted(entry.get("accessPolicies", {}).items()):
            component.child(
                "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
                f"{component.name}-{name}-{policy}",
                {
                    "clusterName": cluster.output("name"),
                    "principalArn": of(entry.get("principalArn")),
                    **{key: of(association.get(key)) for key in ("accessScope", "policyArn")},
                },
                version=AWS_SDK,
                parent=made,
                depends_on=[made],
            )


def _core(component: Component, cluster: Made, provider: Made, role: Made, config: Value) -> Value:
    given = component.given
    entries = given("accessEntries")
    members = together(
        cluster=cluster.reference,
        vpcId=given("vpcId"),
        subnetIds=_subnets(component),
        publicSubnetIds=given("publicSubnetIds"),
        privateSubnetIds=given("privateSubnetIds"),
        endpoint=cluster.output("endpoint"),
        provider=provider.reference,
        instanceRoles=Value([]),
        nodeGroupOptions=together(version=given("version")),
        storageClasses=Value({}),
        kubeconfig=config,
        tags=given("tags"),
        encryptionConfig=_encryption(component),
        clusterIamRole=role.reference,
        accessEntries=entries.or_else({}).to(lambda known: [known[name] for name in sorted(known)]),
        autoModeNodeRoleName=EMPTY,
    )
    return members.to(lambda everything: everything)
