"""Route 53 and ACM of the sandbox: what they refuse, and when a certificate is issued."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.moto_calls import client
from sandbox.aws.route53.records import RECORD
from sandbox.aws.services import teach_moto
from sandbox.providers.table import difference

NAME = "shop.example"


@pytest.fixture
def aws(account: str) -> Any:
    teach_moto()
    return lambda service, region="ap-south-1": client(region, service)


def zone(aws: Any, name: str = NAME) -> str:
    return aws("route53").create_hosted_zone(Name=name, CallerReference=name)["HostedZone"]["Id"]


def put(aws: Any, it: str, action: str, record: dict[str, Any]) -> None:
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    aws("route53").change_resource_record_sets(HostedZoneId=it, ChangeBatch=batch)


def asked_for(aws: Any, arn: str, region: str = "ap-south-1") -> tuple[str, list[dict[str, Any]]]:
    """A certificate's status, and the records that it waits for."""
    found = aws("acm", region).describe_certificate(CertificateArn=arn)["Certificate"]
    return found["Status"], [option["ResourceRecord"] for option in found["DomainValidationOptions"]]


def request(aws: Any, region: str = "ap-south-1") -> str:
    names = {"DomainName": NAME, "SubjectAlternativeNames": [f"*.{NAME}"]}
    return aws("acm", region).request_certificate(ValidationMethod="DNS", **names)["CertificateArn"]


def record(proof: dict[str, Any]) -> dict[str, Any]:
    return {"Name": proof["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": proof["Value"]}]}


def test_a_certificate_is_issued_once_the_record_that_proves_its_names_stands(aws):
    arn, it = request(aws), zone(aws)
    status, proofs = asked_for(aws, arn)
    assert status == "PENDING_VALIDATION"
    assert proofs[0] == proofs[1], "a name and all below it are proved by one record"
    put(aws, it, "CREATE", record(proofs[0]) | {"ResourceRecords": [{"Value": "_somebody-else.acm-validations.aws."}]})
    assert asked_for(aws, arn)[0] == "PENDING_VALIDATION"
    put(aws, it, "UPSERT", record(proofs[0]))
    assert asked_for(aws, arn)[0] == "ISSUED"


def test_the_certificate_of_another_region_is_proved_by_the_same_record(aws):
    here, there = request(aws), request(aws, "ap-southeast-1")
    proofs = asked_for(aws, here)[1]
    assert asked_for(aws, there, "ap-southeast-1")[1] == proofs
    put(aws, zone(aws), "CREATE", record(proofs[0]))
    assert asked_for(aws, there, "ap-southeast-1")[0] == "ISSUED"


def test_a_record_that_stands_is_not_made_again_and_one_that_went_is(aws):
    it, one = zone(aws), {"Name": NAME, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    put(aws, it, "CREATE", one)
    with pytest.raises(ClientError, match="but it already exists"):
        put(aws, it, "CREATE", one | {"ResourceRecords": [{"Value": "192.0.2.2"}]})
    put(aws, it, "DELETE", one)
    put(aws, it, "CREATE", one)


def test_a_record_alone_and_one_of_a_set_do_not_stand_side_by_side(aws):
    it, one = zone(aws), {"Name": NAME, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    put(aws, it, "CREATE", one)
    of_a_set = one | {"SetIdentifier": "here", "Failover": "PRIMARY"}
    with pytest.raises(ClientError, match="other RRSets exist with the same name and type"):
        put(aws, it, "CREATE", of_a_set)
    both = {
        "Changes": [{"Action": "DELETE", "ResourceRecordSet": one}, {"Action": "CREATE", "ResourceRecordSet": of_a_set}]
    }
    aws("route53").change_resource_record_sets(HostedZoneId=it, ChangeBatch=both)


def test_a_zone_with_records_is_not_deleted(aws):
    it = zone(aws)
    put(aws, it, "CREATE", {"Name": NAME, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]})
    with pytest.raises(ClientError, match="HostedZoneNotEmpty"):
        aws("route53").delete_hosted_zone(Id=it)


def test_a_name_as_acm_writes_it_is_the_records_own():
    old, new = ({"zoneId": "Z1", "type": "CNAME", "name": name} for name in ("_x.shop.example", "_x.Shop.example."))
    assert not difference(RECORD, old, new).changed
    assert difference(RECORD, old, new | {"name": "_y.shop.example"}).changed
