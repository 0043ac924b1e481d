"""The order in which the whole shop comes and goes, read off the engine's own events."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from pulumi.automation import OpType

from sandbox.aws.census import census
from tests.support.graph import name_of
from tests.support.project import WHOLE, Project
from tests.support.standing import standing
from tests.support.timeline import Timeline


@dataclass
class Life:
    created: Timeline
    again: Mapping[OpType, int]
    unowned: set[str]
    """Of all that stood, what the census calls nobody's."""
    deleted: Timeline
    left: set[str]
    waits_for: dict[str, set[str]]
    """By name: the resources named in its inputs or its options."""


@pytest.fixture(scope="module")
def life(tmp_path_factory) -> Life:
    stands = standing(tmp_path_factory, WHOLE)
    with stands.project.sandbox() as sandbox:
        stack = sandbox.stack("staging")
        again = stack.preview().change_summary
        waits_for = edges(stands.project)
        unowned = {one.id for one in census(sandbox.gateway)} - set(sandbox.store.made().values())
        deleted = Timeline.of(stack.destroy)
        return Life(stands.created, again, unowned, deleted, {one.id for one in census(sandbox.gateway)}, waits_for)


def edges(stands: Project) -> dict[str, set[str]]:
    (checkpoint,) = stands.state.glob("backend/.pulumi/stacks/*/staging.json")
    resources = json.loads(checkpoint.read_text())["checkpoint"]["latest"]["resources"]
    return {name_of(one["urn"]): {name_of(urn) for urn in one.get("dependencies", [])} for one in resources}


CONTROLLERS = ("cluster-karpenter-controller", "cluster-load-balancers-release", "cluster-external-secrets-release")
NODES = "cluster-system-nodes-group"
CLUSTER = "cluster-plane-control-plane-eksCluster"
KUBERNETES = ("kubernetes:",)
BEFORE_NODES = ["cluster-vpc-cni-addon", "cluster-kube-proxy-addon", "cluster-pod-identity-agent-addon"]
AFTER_NODES = ["cluster-coredns-addon", "cluster-ebs-csi-addon", "cluster-metrics-server-addon"]
ELASTIC = ("elasticsearch", "kibana", "beat")
ASKS_AWS = {  # what a controller makes things in AWS of, and must be there to take them away
    "kubernetes:karpenter.sh/": "cluster-karpenter-controller",
    "kubernetes:karpenter.k8s.aws/": "cluster-karpenter-controller",
    "kubernetes:external-secrets.io/": "cluster-external-secrets-release",
    "kubernetes:networking.k8s.io/v1:Ingress": "cluster-load-balancers-release",
    **{f"kubernetes:{kind}.k8s.elastic.co/": "logs-operator-release" for kind in ELASTIC},
}


def test_a_second_up_would_find_everything_unchanged(life):
    assert set(life.again) == {OpType.SAME}


def test_all_that_stands_is_known_to_be_the_stacks(life):
    assert life.unowned == set()


def test_destroy_leaves_nothing(life):
    assert life.left == set()


@pytest.mark.parametrize("kind", ASKS_AWS)
def test_what_a_controller_acts_on_comes_after_the_controller_and_goes_before_it(life, kind):
    objects, controller = life.created.names(kind), [ASKS_AWS[kind]]
    life.created.assert_before(controller, objects)
    life.deleted.assert_before(objects, controller)


def test_controllers_come_after_nodes_and_dns_and_go_before_them(life):
    for below in ([NODES], ["cluster-coredns-addon"]):
        life.created.assert_before(below, list(CONTROLLERS))
        life.deleted.assert_before(list(CONTROLLERS), below)


def test_other_charts_come_after_the_load_balancer_controller_whose_webhooks_they_meet(life):
    others = [name for name in CONTROLLERS if name != "cluster-load-balancers-release"]
    life.created.assert_before(["cluster-load-balancers-release"], others)


def test_what_every_node_needs_is_there_before_the_first_and_until_after_the_last(life):
    life.created.assert_before(BEFORE_NODES, [NODES])
    life.deleted.assert_before([NODES], BEFORE_NODES)


def test_what_runs_on_nodes_waits_for_them(life):
    life.created.assert_before([NODES], AFTER_NODES)
    life.deleted.assert_before(AFTER_NODES, [NODES])


def test_the_shop_runs_while_there_are_nodes_for_it_and_policies_that_shield_it(life):
    pods = [name for name in life.created.names("kubernetes:apps/v1:Deployment") if name.startswith("services-")]
    below = [
        *life.created.names("kubernetes:karpenter.sh/v1:NodePool"),
        *(f"services-{service}-flows" for service in ("frontend", "backend")),
        "way-in-ingress",  # else they were ready before the load balancer has them
    ]
    assert len(pods) == 2
    life.created.assert_before(below, pods)
    life.deleted.assert_before(pods, below)


def test_monitoring_and_the_shop_do_not_wait_for_one_another(life):
    watching, shop = (
        {name for name in life.waits_for if name.startswith(prefixes)}
        for prefixes in (("metrics", "alerts", "heartbeat"), ("services", "shop", "way-in", "addresses"))
    )
    assert {"metrics-release", "metrics-targets-karpenter"} <= watching
    assert {"services-backend-deployment", "shop-namespace"} <= shop
    assert waited_for(life, watching) & shop == set()
    assert waited_for(life, shop) & watching == set()


def test_monitoring_has_nodes_disks_identities_and_policies_before_it_starts_and_until_it_has_stopped(life):
    needed = [
        *life.created.names("kubernetes:karpenter.sh/v1:NodePool"),
        "cluster-ebs-csi-storage-class",
        *(f"metrics-{account}-association" for account in ("alertmanager", "grafana")),
        *(name for name in life.waits_for if name.startswith("metrics-flows-")),
        "metrics-routing",
        "metrics-user-secret",
    ]
    life.created.assert_before(needed, ["metrics-release"])
    life.deleted.assert_before(["metrics-release"], needed)


def test_monitors_and_rules_come_after_their_definitions_and_go_before_them(life):
    monitors = life.created.names("kubernetes:monitoring.coreos.com/")
    life.created.assert_before(["metrics-definitions"], [*monitors, "metrics-release"])
    life.deleted.assert_before([*monitors, "metrics-release"], ["metrics-definitions"])


def test_the_volumes_of_the_logs_are_gone_before_the_driver_that_deletes_them_and_the_nodes_that_hold_them(life):
    keepers = ["cluster-ebs-csi-addon", *life.created.names("kubernetes:karpenter.sh/v1:NodePool")]
    life.created.assert_before([*keepers, "logs-logging", "logs-identity-association"], ["logs-elasticsearch-cluster"])
    life.deleted.assert_before(["logs-elasticsearch-cluster"], ["logs-logging"])
    life.deleted.assert_before(["logs-logging"], keepers)
    life.deleted.assert_before(keepers[1:], keepers[:1])


def test_logs_and_the_shop_do_not_wait_for_each_other(life):
    logs = {name for name in life.waits_for if name.startswith("logs")}
    shop = {name for name in life.waits_for if name.startswith(("shop", "services", "schema", "way-in"))}
    assert logs
    assert shop
    assert waited_for(life, logs) & shop == set()
    assert waited_for(life, shop) & logs == set()


def test_customers_are_led_to_the_load_balancer_while_there_is_one(life):
    way_in, name = ["way-in-ingress"], ["public-name-origin"]
    life.created.assert_before(["domain-issued", "buckets-logs-policy", "addresses-frontend"], way_in)
    life.created.assert_before(way_in, name)
    life.deleted.assert_before(name, way_in)
    life.deleted.assert_before(way_in, ["domain-certificate", *life.created.names("aws:ec2/route:")])


def test_customers_are_led_to_the_cdn_while_there_is_one_and_the_firewall_stands_before_it(life):
    cdn, names = ["cdn-distribution"], ["public-name-record", "public-name-record-ipv6"]
    life.created.assert_before(["cdn-issued", "cdn-firewall-acl", "cdn-access"], cdn)
    life.created.assert_before(cdn, [*names, "cdn-logs-source"])
    life.deleted.assert_before(names, cdn)
    life.deleted.assert_before(cdn, ["cdn-firewall-acl", "cdn-certificate", "cdn-access"])
    life.created.assert_before(["domain-proof"], ["cdn-issued"])


def test_a_node_has_its_way_out_of_the_network_from_first_to_last(life):
    ways = [*life.created.names("aws:ec2/route:"), *(f"network-app-association-{zone}" for zone in "ab")]
    life.created.assert_before(ways, [NODES])
    life.deleted.assert_before([NODES], ways)


def test_pods_get_their_identity_before_they_start_and_keep_it_until_they_stop(life):
    for controller in CONTROLLERS:
        identity = controller.rpartition("-")[0] + "-identity-association"
        life.created.assert_before([identity], [controller])
        life.deleted.assert_before([controller], [identity])


def test_the_administrator_is_let_in_before_the_first_object_and_shut_out_after_the_last(life):
    door = ["cluster-access-administrator-policy"]
    life.created.assert_before(door, life.created.names(*KUBERNETES))
    life.deleted.assert_before(life.deleted.names(*KUBERNETES), door)


def test_objects_wait_for_the_nodes_since_the_administrator_is_let_in_late(life):
    objects = life.created.names(*KUBERNETES)
    life.created.assert_before([NODES], objects)
    life.deleted.assert_before(objects, [NODES])


def test_the_control_plane_comes_minutes_after_its_key_and_role_behind_the_ways_out(life):
    life.created.assert_before(life.created.names("aws:ec2/natGateway:", "aws:ec2/route:"), [CLUSTER])


def test_the_control_plane_goes_before_the_network_its_logs_its_key_and_its_role(life):
    beneath = [
        *life.deleted.names("aws:ec2/subnet:", "aws:ec2/vpc:"),
        *("cluster-plane-logs", "cluster-plane-secrets-key", "cluster-plane-role", "cluster-plane-permissions"),
    ]
    life.deleted.assert_before([CLUSTER], beneath)
    own = ["cluster-plane-logs", "cluster-plane-secrets-key", "cluster-plane-permissions"]
    life.created.assert_before(own, [CLUSTER])


def test_the_control_plane_finds_every_block_of_the_vpc_when_it_is_made(life):
    assert "network-vpc-pods" in everything_before(CLUSTER, life.waits_for)
    life.created.assert_before(["network-vpc-pods"], [CLUSTER])


def test_the_network_and_the_registry_wait_for_nothing_of_the_cluster(life):
    for name in life.waits_for:
        if name.startswith(("network", "registry")):
            assert not {other for other in everything_before(name, life.waits_for) if other.startswith("cluster")}


def waited_for(life: Life, names: set[str]) -> set[str]:
    """By any of them, at whatever remove."""
    return {before for name in names for before in everything_before(name, life.waits_for)}


def everything_before(name: str, waits_for: dict[str, set[str]]) -> set[str]:
    """Whatever has to be there first, at any remove."""
    found, ahead = set[str](), [name]
    while ahead:
        for other in waits_for.get(ahead.pop(), set()) - found:
            found.add(other)
            ahead.append(other)
    return found
