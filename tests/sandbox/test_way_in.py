"""From the name that customers know to the pods, asked of what stands: records, certificate, Ingress."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.aws import Aws
from tests.support.command import run
from tests.support.project import WHOLE, Project

pytestmark = [pytest.mark.exhaustive, pytest.mark.xdist_group("way_in")]  # a minute
NAME = "dhakacart.example"
REGIONS = {"prod": "ap-south-1", "prod-dr": "ap-southeast-1"}


@dataclass(frozen=True)
class Standing:
    """Production and its standby, which has been told of the domain once production had it."""

    records: list[dict[str, Any]]
    """Those by which the CDN finds the load balancers."""
    customers: list[dict[str, Any]]
    """Those of the name itself."""
    hostnames: dict[str, str]
    """Of the Ingress, by stack."""
    certificates: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    project = Project(tmp_path_factory.mktemp("prod") / "project", WHOLE)
    assert run(project, "up", "--stack", "prod").code == 0
    with project.sandbox():
        (zone,) = Aws("ap-south-1").client("route53").list_hosted_zones()["HostedZones"]
    given = {"name": NAME, "zone": {"id": zone["Id"].rpartition("/")[2], "name": NAME}}
    project.edit("prod-dr", lambda values: values.update(domain=given, cdn={"origin_key": {"secure": "v1:a:b"}}))
    assert run(project, "up", "--stack", "prod-dr").code == 0
    with project.sandbox() as sandbox:
        listed = Aws("ap-south-1").client("route53").list_resource_record_sets(HostedZoneId=zone["Id"])
        found = listed["ResourceRecordSets"]
        return Standing(
            records=[one for one in found if one["Name"] == f"origin.{NAME}."],
            customers=[one for one in found if one["Name"] == f"{NAME}." and "AliasTarget" in one],
            hostnames={stack: hostname(sandbox, region) for stack, region in REGIONS.items()},
            certificates={stack: certificate(region) for stack, region in REGIONS.items()},
        )


def hostname(sandbox: Any, region: str) -> str:
    eks = Aws(region).client("eks")
    (cluster,) = eks.list_clusters()["clusters"]
    objects = sandbox.kubernetes.objects(eks.describe_cluster(name=cluster)["cluster"]["endpoint"])
    (ingress,) = [one for one in objects if one["kind"] == "Ingress"]
    return ingress["status"]["loadBalancer"]["ingress"][0]["hostname"]


def certificate(region: str) -> dict[str, Any]:
    acm = Aws(region).client("acm")
    (found,) = acm.list_certificates()["CertificateSummaryList"]
    return acm.describe_certificate(CertificateArn=found["CertificateArn"])["Certificate"]


def test_customers_are_led_to_the_cdn_whichever_region_answers(standing):
    (target,) = {one["AliasTarget"]["DNSName"].rstrip(".") for one in standing.customers}
    assert target.endswith(".cloudfront.net")
    assert sorted(one["Type"] for one in standing.customers) == ["A", "AAAA"]


def test_the_cdn_is_led_to_each_regions_load_balancer_the_first_for_as_long_as_it_answers(standing):
    targets = {one["Failover"]: one["AliasTarget"] for one in standing.records}
    assert {place: target["DNSName"] for place, target in targets.items()} == {
        "PRIMARY": standing.hostnames["prod"],
        "SECONDARY": standing.hostnames["prod-dr"],
    }
    assert all(target["EvaluateTargetHealth"] for target in targets.values())
    assert targets["PRIMARY"]["HostedZoneId"] != targets["SECONDARY"]["HostedZoneId"]


def test_each_region_has_a_certificate_of_its_own_for_the_name_and_all_below_it(standing):
    for stack, found in standing.certificates.items():
        assert found["Status"] == "ISSUED", stack
        assert set(found["SubjectAlternativeNames"]) == {NAME, f"*.{NAME}"}
        assert REGIONS[stack] in found["CertificateArn"]
