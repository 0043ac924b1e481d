"""The dashboards of each stack ask AWS for what that stack has, wait for none of it, and are told of in the docs."""

import pytest

from tests.support.dashboard_page import PAGE, page
from tests.support.dashboards import asked, config_maps
from tests.support.stacks import STACKS
from tests.support.whole_program import registered

each_stack = pytest.mark.parametrize("stack", STACKS)


def values_of(stack: str, dimension: str) -> set[str]:
    """All that are asked for by name."""
    targets = [one.target for one in asked(registered(stack)) if not one.is_prometheus]
    return {value for target in targets for value in target.get("dimensions", {}).get(dimension, [])}


@each_stack
def test_grafana_finds_six_where_it_looks(stack):
    found = config_maps(registered(stack))
    assert len(found) == 6
    assert {made["metadata"]["namespace"] for made in found} == {"monitoring"}
    assert {made["metadata"]["annotations"]["grafana_folder"] for made in found} == {"DhakaCart"}
    files = [name for made in found for name in made["data"]]
    assert len(set(files)) == len(files), "one file of the folder would take another's place"


@each_stack
def test_postgresql_is_asked_for_by_the_names_that_its_instances_have(stack):
    instances = registered(stack).of("aws:rds/instance:Instance").values()
    assert values_of(stack, "DBInstanceIdentifier") == {made["identifier"] for made in instances}


@each_stack
def test_the_proxy_is_asked_for_where_there_is_one(stack):
    proxies = registered(stack).of("aws:rds/proxy:Proxy").values()
    assert values_of(stack, "ProxyName") == {made["name"] for made in proxies}


@each_stack
def test_redis_is_asked_for_by_the_names_that_elasticache_gives_a_groups_nodes(stack):
    (group,) = registered(stack).of("aws:elasticache/replicationGroup:ReplicationGroup").values()
    nodes = {
        f"{group['replicationGroupId']}-{shard:04}-{node:03}"
        for shard in range(1, int(group["numNodeGroups"]) + 1)
        for node in range(1, int(group["replicasPerNodeGroup"]) + 2)
    }
    assert values_of(stack, "CacheClusterId") == nodes


def test_the_firewall_is_asked_for_by_its_metrics_name():
    (firewall,) = registered("prod").of("aws:wafv2/webAcl:WebAcl").values()
    assert values_of("prod", "WebACL") == {firewall["visibilityConfig"]["metricName"]}


def test_the_load_balancer_is_searched_by_a_word_of_the_name_that_its_controller_makes_up():
    """Eight letters each of namespace and name, without what is neither letter nor digit (the controller's
    model_build_load_balancer.go)."""
    (ingress,) = registered("prod").of("kubernetes:networking.k8s.io/v1:Ingress").values()
    searches = {one.target["expression"] for one in asked(registered("prod")) if "LoadBalancer=" in str(one.target)}
    assert searches
    for search in searches:
        assert f" LoadBalancer={ingress['metadata']['name'][:8]}'" in search


def test_the_page_has_every_panel_as_it_is():
    assert page(PAGE.read_text()) == PAGE.read_text(), "make dashboards"
