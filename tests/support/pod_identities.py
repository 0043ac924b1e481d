"""Who may take which role as a pod: the trust policies, and the associations that hand the roles out."""

import json
from dataclasses import dataclass

from tests.support.recorder import Recorder

ADD_ON_NAMESPACE = "kube-system"  # of all add-ons that EKS installs here
POD_IDENTITY = "pods.eks.amazonaws.com"


@dataclass(frozen=True)
class Identity:
    """The pods of a service account, with the role that they get."""

    namespace: str
    service_account: str
    role_arn: str


def trusted(recorder: Recorder) -> set[Identity]:
    """Whom the trust policies name."""
    found: set[Identity] = set()
    for name, inputs in recorder.of("aws:iam/role:Role").items():
        for statement in json.loads(inputs["assumeRolePolicy"])["Statement"]:
            if statement["Principal"].get("Service") == POD_IDENTITY:
                tags = statement["Condition"]["StringEquals"]
                namespace = tags["aws:RequestTag/kubernetes-namespace"]
                account = tags["aws:RequestTag/kubernetes-service-account"]
                found.add(Identity(namespace, account, f"arn:of:{name}"))
    return found


def own_associations(recorder: Recorder) -> set[Identity]:
    """Whom the program itself hands a role, beside what it asks of EKS's add-ons."""
    entries = recorder.of("aws:eks/podIdentityAssociation:PodIdentityAssociation").values()
    return {Identity(entry["namespace"], entry["serviceAccount"], entry["roleArn"]) for entry in entries}


def associated(recorder: Recorder) -> set[Identity]:
    """Whom EKS hands a role: by an association of its own, or by an add-on's."""
    return own_associations(recorder) | {
        Identity(ADD_ON_NAMESPACE, entry["serviceAccount"], entry["roleArn"])
        for add_on in recorder.of("aws:eks/addon:Addon").values()
        for entry in add_on.get("podIdentityAssociations", [])
    }
