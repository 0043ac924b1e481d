"""One case or more for each resource type of EKS, and for what its nodes are launched from."""

import base64
import json
from typing import Any

from tests.support.resource_case import TAGS, Case
from tests.support.world import World

ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


def text(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def disk(**more: Any) -> dict[str, Any]:
    ebs = {"volumeType": "gp3", "volumeSize": 50, "encrypted": "true", "deleteOnTermination": "true", **more}
    return {"deviceName": "/dev/xvdb", "ebs": ebs}


def scaling(least: int, wanted: int, most: int) -> dict[str, int]:
    return {"minSize": least, "desiredSize": wanted, "maxSize": most}


def open_by_hand(w: World, cluster: str) -> None:
    w.client("eks").update_cluster_config(name=cluster, resourcesVpcConfig={"publicAccessCidrs": ["0.0.0.0/0"]})


EKS = [
    Case(
        type="aws:eks/cluster:Cluster",
        inputs=lambda w: {
            "name": "dhaka",
            "roleArn": w.role,
            "version": "1.34",
            "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
            "bootstrapSelfManagedAddons": False,
            "enabledClusterLogTypes": ["api", "audit"],
            "encryptionConfig": {"provider": {"keyArn": w.key_arn}, "resources": ["secrets"]},
            "kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.20.0.0/16"},
            "upgradePolicy": {"supportType": "STANDARD"},
            "vpcConfig": {
                "subnetIds": [w.subnet, w.far_subnet],
                "endpointPrivateAccess": True,
                "publicAccessCidrs": ["203.0.113.0/24"],
            },
            "zonalShiftConfig": {"enabled": True},
            "tags": TAGS,
        },
        changes={
            "version": lambda _: "1.35",
            "deletionProtection": lambda _: False,
            "enabledClusterLogTypes": lambda _: ["api", "audit", "scheduler"],
            "upgradePolicy": lambda _: {"supportType": "EXTENDED"},
            "vpcConfig": lambda w: {
                "subnetIds": [w.subnet, w.far_subnet, w.other_subnet],
                "endpointPrivateAccess": True,
                "endpointPublicAccess": False,
            },
            "zonalShiftConfig": lambda _: None,
            "forceUpdateVersion": lambda _: True,
        },
        outside=open_by_hand,
        shows="vpcConfig",
    ),
    Case(
        type="aws:eks/cluster:Cluster",
        also="plain",
        inputs=lambda w: {
            "name": "sylhet",
            "roleArn": w.role,
            "accessConfig": {"authenticationMode": "API_AND_CONFIG_MAP"},
            "vpcConfig": {"subnetIds": [w.subnet, w.far_subnet], "securityGroupIds": [w.group]},
        },
        changes={
            "accessConfig": lambda _: {"authenticationMode": "API"},
            "encryptionConfig": lambda w: {"provider": {"keyArn": w.key_arn}, "resources": ["secrets"]},
        },
    ),
    Case(
        type="aws:eks/nodeGroup:NodeGroup",
        inputs=lambda w: {
            "clusterName": w.cluster,
            "nodeGroupName": "system",
            "nodeRoleArn": w.role,
            "subnetIds": [w.subnet, w.far_subnet],
            "version": "1.34",
            "amiType": "BOTTLEROCKET_ARM_64",
            "instanceTypes": ["m7g.large", "m6g.large"],
            "capacityType": "ON_DEMAND",
            "launchTemplate": {"id": w.launch_template, "version": "1"},
            "scalingConfig": scaling(3, 3, 6),
            "updateConfig": {"maxUnavailable": 1},
            "labels": {"role": "system", "tier": "app"},
            "taints": [{"key": "system", "value": "true", "effect": "NO_SCHEDULE"}],
            "tags": TAGS,
        },
        changes={
            "version": lambda _: "1.35",
            "releaseVersion": lambda _: "1.64.0-abc",
            "launchTemplate": lambda w: {"id": w.launch_template, "version": "2"},
            "scalingConfig": lambda _: scaling(2, 2, 4),
            "updateConfig": lambda _: {"maxUnavailablePercentage": 50},
            "labels": lambda _: {"role": "base"},
            "taints": lambda _: [{"key": "system", "effect": "NO_EXECUTE"}],
            "nodeRepairConfig": lambda _: {"enabled": True},
            "forceUpdateVersion": lambda _: True,
        },
        outside=lambda w, it: w.client("eks").update_nodegroup_config(
            clusterName=w.cluster, nodegroupName="system", labels={"removeLabels": ["tier"]}
        ),
        shows="labels",
    ),
    Case(
        type="aws:eks/nodeGroup:NodeGroup",
        also="without-template",
        inputs=lambda w: {
            "clusterName": w.cluster,
            "nodeGroupNamePrefix": "system-",
            "nodeRoleArn": w.role,
            "subnetIds": [w.subnet],
            "diskSize": 50,
            "remoteAccess": {"ec2SshKey": "keys", "sourceSecurityGroupIds": [w.group]},
            "scalingConfig": scaling(1, 1, 1),
        },
    ),
    Case(
        type="aws:eks/addon:Addon",
        inputs=lambda w: {
            "clusterName": w.cluster,
            "addonName": "eks-pod-identity-agent",
            "addonVersion": "v1.3.10-eksbuild.3",
            "configurationValues": json.dumps({"resources": {}}),
            "podIdentityAssociations": [{"serviceAccount": "agent", "roleArn": w.role}],
            "resolveConflictsOnCreate": "OVERWRITE",
            "tags": TAGS,
        },
        changes={
            "addonVersion": lambda _: "v1.3.11-eksbuild.1",
            "configurationValues": lambda _: json.dumps({"agent": {}}),
            "podIdentityAssociations": lambda _: None,
            "serviceAccountRoleArn": lambda w: w.role,
            "resolveConflictsOnUpdate": lambda _: "PRESERVE",
            "preserve": lambda _: True,
        },
        outside=lambda w, it: w.client("eks").update_addon(
            clusterName=w.cluster, addonName="eks-pod-identity-agent", addonVersion="v1.3.12-eksbuild.1"
        ),
        shows="addonVersion",
    ),
    Case(
        type="aws:eks/accessEntry:AccessEntry",
        inputs=lambda w: {
            "clusterName": w.cluster,
            "principalArn": w.role,
            "kubernetesGroups": ["b", "a"],
            "tags": TAGS,
        },
        changes={"kubernetesGroups": lambda _: ["readers"], "userName": lambda _: "reader"},
        outside=lambda w, it: w.client("eks").update_access_entry(
            clusterName=w.cluster, principalArn=w.role, kubernetesGroups=["masters"]
        ),
        shows="kubernetesGroups",
    ),
    Case(
        type="aws:eks/accessEntry:AccessEntry",
        also="nodes",
        inputs=lambda w: {"clusterName": w.cluster, "principalArn": w.role, "type": "EC2_LINUX"},
    ),
    Case(
        type="aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        inputs=lambda w: {
            "clusterName": w.cluster,
            "principalArn": w.principal,
            "policyArn": ADMIN,
            "accessScope": {"type": "cluster"},
        },
        outside=lambda w, it: w.client("eks").disassociate_access_policy(
            clusterName=w.cluster, principalArn=w.principal, policyArn=ADMIN
        ),
    ),
    Case(
        type="aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        also="namespaces",
        inputs=lambda w: {
            "clusterName": w.cluster,
            "principalArn": w.principal,
            "policyArn": VIEW,
            "accessScope": {"type": "namespace", "namespaces": ["shop", "default"]},
        },
    ),
    Case(
        type="aws:eks/podIdentityAssociation:PodIdentityAssociation",
        inputs=lambda w: {
            "clusterName": w.cluster,
            "namespace": "shop",
            "serviceAccount": "backend",
            "roleArn": w.role,
            "tags": TAGS,
        },
        changes={
            "roleArn": lambda w: w.other_role,
            "targetRoleArn": lambda _: "arn:aws:iam::111122223333:role/far",
            "disableSessionTags": lambda _: True,
            "policy": lambda _: json.dumps({"Version": "2012-10-17", "Statement": []}),
        },
        outside=lambda w, it: w.client("eks").update_pod_identity_association(
            clusterName=w.cluster, associationId=it, roleArn=w.other_role
        ),
        shows="roleArn",
    ),
    Case(
        type="aws:ec2/launchTemplate:LaunchTemplate",
        inputs=lambda w: {
            "name": "system-nodes",
            "description": "nodes",
            "blockDeviceMappings": [disk(kmsKeyId=w.key_arn)],
            "metadataOptions": {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1},
            "tagSpecifications": [{"resourceType": "volume", "tags": {"Name": "node"}}],
            "userData": text("[settings]"),
            "updateDefaultVersion": True,
            "tags": TAGS,
        },
        changes={
            "description": lambda _: "more nodes",
            "blockDeviceMappings": lambda _: [disk(volumeSize=60)],
            "ebsOptimized": lambda _: "true",
            "imageId": lambda _: "ami-0123456789abcdef0",
            "instanceType": lambda _: "m7g.large",
            "keyName": lambda _: "keys",
            "metadataOptions": lambda _: {"httpTokens": "required", "httpPutResponseHopLimit": 2},
            "monitoring": lambda _: {"enabled": True},
            "tagSpecifications": lambda _: None,
            "updateDefaultVersion": lambda _: False,
            "userData": lambda _: text("[settings.kubernetes]"),
            "vpcSecurityGroupIds": lambda w: [w.group],
        },
        outside=lambda w, it: w.ec2.create_launch_template_version(
            LaunchTemplateId=it, LaunchTemplateData={"InstanceType": "t3.micro"}
        ),
        shows="instanceType",
    ),
    Case(
        type="aws:ec2/launchTemplate:LaunchTemplate",
        also="prefix",
        inputs=lambda _: {"namePrefix": "nodes-", "instanceType": "m7g.large"},
    ),
]
