"""A cluster that is gone, or is another one than before: what the stack makes of it, and the way out."""

import os
from unittest.mock import patch

import pytest

from sandbox.session import Sandbox
from tests.support.aws import Aws
from tests.support.command import run
from tests.support.project import WHOLE, Project, preview, up
from tests.support.standing import standing

pytestmark = pytest.mark.exhaustive  # half a minute

CLUSTER = "dhakacart-staging-aps1"
GONE = {"PULUMI_K8S_DELETE_UNREACHABLE": "true"}
PROVIDER = "cluster-kubernetes"


@pytest.fixture
def project(tmp_path_factory) -> Project:
    """Staging stood, and somebody deleted its nodes and its cluster."""
    project = standing(tmp_path_factory, WHOLE).project
    with project.sandbox() as sandbox:
        eks = Aws("ap-south-1").client("eks")
        for group in eks.list_nodegroups(clusterName=CLUSTER)["nodegroups"]:
            eks.delete_nodegroup(clusterName=CLUSTER, nodegroupName=group)
        eks.delete_cluster(name=CLUSTER)
        sandbox.store.save()
    return project


def objects(sandbox: Sandbox) -> set[str]:
    """Names of what the stack's state holds of Kubernetes' own."""
    resources = (sandbox.stack("staging").export_stack().deployment or {})["resources"]
    return {one["urn"].split("::")[-1] for one in resources if one["urn"].split("::")[2].startswith("kubernetes:")}


def test_a_preview_needs_no_cluster_that_answers(project):
    with project.sandbox() as sandbox:
        assert preview(sandbox) == {}


def test_refresh_and_destroy_fail_and_name_the_way_out(project):
    refused = run(project, "destroy")
    assert refused.code == 1
    assert "configured Kubernetes cluster is unreachable" in refused.out
    assert next(iter(GONE)) in refused.out


def test_what_is_gone_is_made_anew_with_everything_that_stood_in_it_and_can_be_destroyed(project):
    with patch.dict(os.environ, GONE), project.sandbox() as sandbox:
        stack = sandbox.stack("staging")
        stack.refresh()
        up(sandbox)
        assert preview(sandbox) == {}
    with project.sandbox() as sandbox:
        (url,) = {
            cluster["endpoint"]
            for cluster in [Aws("ap-south-1").client("eks").describe_cluster(name=CLUSTER)["cluster"]]
        }
        assert len(sandbox.kubernetes.objects(url)) > len(("default", "kube-node-lease", "kube-public", "kube-system"))
    destroyed = run(project, "destroy")
    assert destroyed.out.splitlines()[-1] == "AWS holds nothing of staging.", destroyed.out + destroyed.err
