"""Who reaches whom, all layers together: AWS's groups as the real controller wrote them, the policies as they stand."""

import pytest

from sandbox.kubernetes.objects import Kind
from tests.support.reach import Place, reaches
from tests.support.real_cluster import NAMESPACE, Cluster, is_ready
from tests.support.security_groups import Host, SecurityGroups

LABEL = "app.kubernetes.io/name"
POLICY = Kind(api_version="networking.k8s.io/v1", kind="NetworkPolicy")
PORTS = {"load balancer": 443, "frontend": 80, "backend": 5000, "database": 5432, "redis": 6379}
METRICS = 9464
ARCHITECTURE = {
    ("CloudFront", "load balancer", PORTS["load balancer"]),
    ("load balancer", "frontend", PORTS["frontend"]),
    ("load balancer", "backend", PORTS["backend"]),
    ("frontend", "backend", PORTS["backend"]),
    ("Prometheus", "backend", METRICS),
    ("backend", "database", PORTS["database"]),
    ("backend", "redis", PORTS["redis"]),
}
SERVICES = ("frontend", "backend")
OUTSIDE = {"internet", "CloudFront"}


def redis_groups(cluster: Cluster) -> frozenset[str]:
    nodes = cluster.aws.client("elasticache").describe_cache_clusters()["CacheClusters"]
    return frozenset(one["SecurityGroupId"] for node in nodes for one in node["SecurityGroups"])


def database_groups(cluster: Cluster) -> frozenset[str]:
    (instance,) = cluster.aws.client("rds").describe_db_instances()["DBInstances"]
    return frozenset(one["VpcSecurityGroupId"] for one in instance["VpcSecurityGroups"])


def pod_groups(cluster: Cluster) -> frozenset[str]:
    """Pods have those of their nodes, which EKS gives all of a cluster."""
    eks = cluster.aws.client("eks")
    (name,) = eks.list_clusters()["clusters"]
    return frozenset({eks.describe_cluster(name=name)["cluster"]["resourcesVpcConfig"]["clusterSecurityGroupId"]})


@pytest.fixture
def hosts(cluster) -> dict[str, Host]:
    pods = pod_groups(cluster)
    inside = {name: next(filter(is_ready, cluster.pods(name)))["status"]["podIP"] for name in SERVICES}
    subnets = {tier: cluster.aws.subnets(tier)[0]["CidrBlock"].replace("0/24", "9") for tier in ("public", "database")}
    return {
        "internet": Host("203.0.113.9"),
        "CloudFront": Host("203.0.113.10", prefix_list="pl-9aa247f3"),
        "load balancer": Host(subnets["public"], frozenset(cluster.balancer()["SecurityGroups"])),
        **{name: Host(address, pods) for name, address in inside.items()},
        "what somebody starts": Host("100.64.1.9", pods),
        "Prometheus": Host("100.64.1.10", pods),
        "database": Host(subnets["database"], database_groups(cluster)),
        "redis": Host(subnets["database"], redis_groups(cluster)),
    }


@pytest.fixture
def places(hosts) -> dict[str, Place]:
    pods = {
        name: Place(hosts[name].address, NAMESPACE, {LABEL: f"{NAMESPACE}-{name}"}) for name in ("frontend", "backend")
    }
    return {
        **{name: Place(host.address) for name, host in hosts.items()},
        **pods,
        "what somebody starts": Place(hosts["what somebody starts"].address, NAMESPACE, {"run": "debug"}),
        "Prometheus": Place(hosts["Prometheus"].address, "monitoring", {LABEL: "prometheus"}),
    }


@pytest.fixture
def found(cluster, hosts, places) -> set[tuple[str, str, int]]:
    groups, policies = SecurityGroups(cluster.aws.ec2), cluster.api.list(POLICY)
    return {
        (source, target, port)
        for source in hosts
        for target in PORTS
        for port in {*PORTS.values(), METRICS}
        if source != target
        and groups.admit(hosts[source], hosts[target], port)
        and reaches(policies, places[source], places[target], port)
    }


def test_of_all_that_could_be_reached_the_architecture_is_and_nothing_else(found):
    """Of every pair and port, with both layers asked at both ends."""
    assert found == ARCHITECTURE


@pytest.mark.parametrize("target", ["frontend", "backend", "database", "redis"])
def test_nobody_outside_reaches_a_pod_or_data_by_any_port(cluster, hosts, target):
    groups = SecurityGroups(cluster.aws.ec2)
    for outside in OUTSIDE:
        for port in {*PORTS.values(), 22, 8080, 9100, 10250}:
            assert not groups.admit(hosts[outside], hosts[target], port), f"{outside} to {target}:{port}"


def test_the_load_balancer_reaches_pods_by_the_ports_of_services_alone(cluster, hosts):
    """The rules in the nodes' group are the real controller's: it finds the group by the interfaces of the nodes."""
    groups = SecurityGroups(cluster.aws.ec2)
    open_ports = [port for port in range(1, 65536) if groups.admit(hosts["load balancer"], hosts["backend"], port)]
    assert open_ports[0] == PORTS["frontend"]
    assert open_ports[-1] == PORTS["backend"]
