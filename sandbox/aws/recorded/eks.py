"""EKS: recorded as a whole, since moto keeps but half of what a cluster or a node group is asked to be."""

from sandbox.aws.recorded import (
    eks_access,
    eks_addons,
    eks_clusters,
    eks_common,
    eks_nodes,
    eks_pod_identity,
)
from sandbox.aws.recorded.record import Answers

ANSWERS: Answers = {
    **eks_clusters.ANSWERS,
    **eks_nodes.ANSWERS,
    **eks_addons.ANSWERS,
    **eks_access.ANSWERS,
    **eks_pod_identity.ANSWERS,
    **eks_common.ANSWERS,
}
