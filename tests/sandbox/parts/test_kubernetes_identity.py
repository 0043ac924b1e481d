"""Which change of the provider's configuration means another cluster, whose objects are all made anew."""

import json

import pytest

from sandbox.kubernetes.identity import replaced_for
from sandbox.providers.properties import UNKNOWN


def config(server: str = "https://one", authority: str = "A", **more: str) -> dict[str, str]:
    cluster = {"server": server, "certificate-authority-data": authority}
    kubeconfig = {
        "current-context": "aws",
        "contexts": [{"name": "aws", "context": {"cluster": "kubernetes"}}],
        "clusters": [{"name": "kubernetes", "cluster": cluster}],
    }
    return {"kubeconfig": json.dumps(kubeconfig), **more}


ONE, OTHER = {"clusterIdentifier": "arn@monday"}, {"clusterIdentifier": "arn@tuesday"}


@pytest.mark.parametrize(
    ("old", "new", "replaced"),
    [
        (config(**ONE), config(**OTHER), ("clusterIdentifier",)),
        (config(**ONE), config(clusterIdentifier=UNKNOWN), ("clusterIdentifier",)),
        (config(**ONE), config("https://two", "B", **ONE), ()),
        (config(), config("https://two"), ("kubeconfig",)),
        (config(), config(authority="B"), ("kubeconfig",)),
        (config(), {"kubeconfig": UNKNOWN}, ("kubeconfig",)),
        (config(), config(**ONE), ()),
        (config(namespace="a"), config(namespace="b"), ()),
    ],
    ids=[
        "another identity",
        "an identity not known yet",
        "another way to the same identity",
        "another address",
        "another certificate",
        "a kubeconfig not known yet",
        "an identity where there was none",
        "another default namespace",
    ],
)
def test_the_provider_is_replaced_for(old, new, replaced):
    assert replaced_for(old, new) == replaced
