"""What the real controller makes of our Ingress: the load balancer of the requirements, asked from AWS."""

from typing import Any

import pytest

from sandbox.kubernetes.objects import Kind
from tests.support.project import up
from tests.support.real_cluster import NAMESPACE, Cluster, is_ready
from tests.support.stacks import raw

DOMAIN = "staging.dhakacart.example"
GATE = "target-health.elbv2.k8s.aws/"


def listeners(cluster: Cluster) -> dict[int, dict[str, Any]]:
    arn = cluster.balancer()["LoadBalancerArn"]
    found = cluster.aws.client("elbv2").describe_listeners(LoadBalancerArn=arn)["Listeners"]
    return {one["Port"]: one for one in found}


def attributes(cluster: Cluster) -> dict[str, str]:
    arn = cluster.balancer()["LoadBalancerArn"]
    found = cluster.aws.client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
    return {one["Key"]: one["Value"] for one in found}


def treatment(cluster: Cluster, service: str) -> dict[str, str]:
    arn = cluster.target_group(service)["TargetGroupArn"]
    found = cluster.aws.client("elbv2").describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
    return {one["Key"]: one["Value"] for one in found}


def origin_key(cluster: Cluster) -> dict[str, Any]:
    """What CloudFront shows, as a condition of the load balancer's rules has it."""
    (header,) = cluster.aws.shown_to_origins()
    return {"HttpHeaderName": header["HeaderName"], "Values": [header["HeaderValue"]]}


def balancers_groups(cluster: Cluster) -> list[dict[str, Any]]:
    """Security groups that the controller made."""
    tagged = [{"Name": "tag-key", "Values": ["elbv2.k8s.aws/cluster"]}]
    return cluster.aws.ec2.describe_security_groups(Filters=tagged)["SecurityGroups"]


def test_one_balancer_faces_the_internet_from_every_public_subnet(cluster):
    balancer = cluster.balancer()
    public = {subnet["SubnetId"] for subnet in cluster.aws.subnets("public")}
    assert (balancer["Scheme"], balancer["Type"]) == ("internet-facing", "application")
    assert {zone["SubnetId"] for zone in balancer["AvailabilityZones"]} == public


def test_its_name_is_the_address_of_the_ingress(cluster):
    ingress = cluster.get("networking.k8s.io/v1", "Ingress", NAMESPACE)
    assert ingress["status"]["loadBalancer"]["ingress"][0]["hostname"] == cluster.balancer()["DNSName"]


def test_tls_has_the_domains_certificate_and_no_old_protocol(cluster):
    listener = listeners(cluster)[443]
    (certificate,) = listener["Certificates"]
    acm = cluster.aws.client("acm")
    found = acm.describe_certificate(CertificateArn=certificate["CertificateArn"])["Certificate"]
    assert (found["DomainName"], found["Status"]) == (DOMAIN, "ISSUED")
    assert listener["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"


def test_the_api_goes_to_the_backend_and_all_else_to_the_frontend(cluster):
    rules = cluster.aws.client("elbv2").describe_rules(ListenerArn=listeners(cluster)[443]["ListenerArn"])["Rules"]
    key = origin_key(cluster)
    routes = []
    for rule in sorted((rule for rule in rules if not rule["IsDefault"]), key=lambda rule: int(rule["Priority"])):
        conditions = {
            one["Field"]: next(v for k, v in one.items() if k.endswith("Config")) for one in rule["Conditions"]
        }
        assert conditions["host-header"]["Values"] == [DOMAIN]
        assert conditions["http-header"] == key, "nobody else's CloudFront is answered"
        (group,) = rule["Actions"][0]["ForwardConfig"]["TargetGroups"]
        routes.append((conditions["path-pattern"]["Values"], group["TargetGroupArn"]))
    backend, frontend = (cluster.target_group(service)["TargetGroupArn"] for service in ("backend", "frontend"))
    assert routes == [(["/api", "/api/*"], backend), (["/*"], frontend)]


def test_another_host_is_served_nothing(cluster):
    (action,) = listeners(cluster)[443]["DefaultActions"]
    assert action["FixedResponseConfig"]["StatusCode"] == "404"


@pytest.mark.parametrize("service", ["frontend", "backend"])
def test_pods_are_asked_for_their_health_every_thirty_seconds(cluster, service):
    group = cluster.target_group(service)
    assert (group["TargetType"], group["HealthCheckPath"]) == ("ip", "/health")
    assert (group["HealthCheckIntervalSeconds"], group["Matcher"]) == (30, {"HttpCode": "200"})
    assert treatment(cluster, service)["deregistration_delay.timeout_seconds"] == "30"


def test_only_the_frontend_keeps_a_customer_on_one_pod(cluster):
    sticky = {service: treatment(cluster, service)["stickiness.enabled"] for service in ("frontend", "backend")}
    assert sticky == {"frontend": "true", "backend": "false"}
    assert treatment(cluster, "frontend")["stickiness.type"] == "lb_cookie"


def test_requests_are_logged_and_the_hardening_is_in_force(cluster):
    found = attributes(cluster)
    assert found["access_logs.s3.enabled"] == "true"
    assert found["access_logs.s3.bucket"].startswith("dhakacart-staging-logs-")
    assert found["routing.http.drop_invalid_header_fields.enabled"] == "true"
    assert found["deletion_protection.enabled"] == "false"  # staging can be destroyed


def entries(cluster: Cluster) -> list[tuple[int, int, list[str]]]:
    """Ports that the load balancer's groups let in, and from where."""
    groups = {group["GroupId"]: group for group in balancers_groups(cluster)}
    assert set(cluster.balancer()["SecurityGroups"]) == set(groups)
    return sorted(
        (
            entry["FromPort"],
            entry["ToPort"],
            [
                *(one["PrefixListId"] for one in entry["PrefixListIds"]),
                *(one["CidrIp"] for one in entry["IpRanges"]),
            ],
        )
        for group in groups.values()
        for entry in group["IpPermissions"]
    )


def test_cloudfront_alone_reaches_one_port_and_the_pods_are_reached_from_the_balancer_alone(cluster):
    assert entries(cluster) == [(443, 443, ["pl-9aa247f3"])]
    assert listeners(cluster).keys() == {443}


def test_without_a_cdn_the_internet_comes_in_and_plain_http_is_led_to_tls_for_good(cluster):
    config = raw("staging")["cdn"]
    cluster.project.edit("staging", lambda config: config.update(cdn=None))
    try:
        up(cluster.sandbox)
        cluster.wait(lambda: listeners(cluster).keys() == {80, 443})
        cluster.wait(lambda: entries(cluster) == [(80, 80, ["0.0.0.0/0"]), (443, 443, ["0.0.0.0/0"])])
        (action,) = listeners(cluster)[80]["DefaultActions"]
        assert action["RedirectConfig"] == {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}
    finally:
        cluster.project.edit("staging", lambda edited: edited.update(cdn=config))
        up(cluster.sandbox)
    cluster.wait(lambda: entries(cluster) == [(443, 443, ["pl-9aa247f3"])])
    cluster.wait(lambda: listeners(cluster).keys() == {443})


@pytest.mark.parametrize("service", ["frontend", "backend"])
def test_a_pod_is_ready_once_the_balancer_sends_it_requests(cluster, service):
    targets = cluster.targets(service)
    for pod in filter(is_ready, cluster.pods(service)):
        conditions = {one["type"]: one["status"] for one in pod["status"]["conditions"]}
        gates = [gate["conditionType"] for gate in pod["spec"]["readinessGates"]]
        assert [gate for gate in gates if gate.startswith(GATE)], "the webhook gave it no gate"
        assert all(conditions[gate] == "True" for gate in gates)
        assert pod["status"]["podIP"] in targets


def allowed(cluster: Cluster, account: str) -> set[str]:
    """What the role of a service account allows."""
    eks, iam = cluster.aws.client("eks"), cluster.aws.client("iam")
    (name,) = eks.list_clusters()["clusters"]
    (link,) = eks.list_pod_identity_associations(clusterName=name, serviceAccount=account)["associations"]
    found = eks.describe_pod_identity_association(clusterName=name, associationId=link["associationId"])
    role = found["association"]["roleArn"].rpartition("/")[2]
    policies = [
        iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]["Statement"]
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]
    ]
    return {action for statements in policies for one in statements for action in one["Action"]}


def test_whatever_the_controller_asks_of_aws_its_role_allows(cluster):
    assert {"elasticloadbalancing:CreateLoadBalancer", "ec2:CreateSecurityGroup"} <= cluster.real.asked
    assert cluster.real.asked - allowed(cluster, "aws-load-balancer-controller") == set()


def test_without_its_domain_the_shop_has_neither_balancer_nor_groups_and_gets_both_back(cluster):
    elb, controller = cluster.aws.client("elbv2"), Kind(api_version="networking.k8s.io/v1", kind="Ingress")
    cluster.project.edit("staging", lambda config: config.update(domain=None, cdn=None))
    up(cluster.sandbox)
    assert cluster.api.get(controller, NAMESPACE, NAMESPACE) is None
    assert elb.describe_load_balancers()["LoadBalancers"] == []
    assert elb.describe_target_groups()["TargetGroups"] == []
    assert balancers_groups(cluster) == []
    before = {section: raw("staging")[section] for section in ("domain", "cdn")}
    cluster.project.edit("staging", lambda config: config.update(before))
    up(cluster.sandbox)
    assert cluster.balancer()["State"]["Code"] == "active"
    cluster.wait(lambda: all(len(cluster.targets(service)) >= 2 for service in ("frontend", "backend")))
