"""ACM: public certificates whose names are proved by DNS, and the wait until they are issued."""

from typing import Any

from sandbox.aws.checks import arn, names
from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.resource import AwsType, Census, Tagging, receive, send, tag_list, tag_map
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

GONE = ("ResourceNotFoundException",)
IMPORTED = ("certificateBody", "certificateChain", "privateKey", "privateKeyWo", "privateKeyWoVersion")
ALGORITHMS = ("RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")


def _no_final_dot(inputs: Inputs) -> str | None:
    given: list[Any] = [inputs.get("domainName"), *(inputs.get("subjectAlternativeNames") or [])]
    ends = [name for name in given if isinstance(name, str) and name.endswith(".")]
    return f"invalid value for domain name {ends[0]} (cannot end with a period)" if ends else None


CERTIFICATE = Constraints(
    source="internal/service/acm/certificate.go",
    inputs=names(
        "certificateAuthorityArn domainName earlyRenewalDuration keyAlgorithm options region subjectAlternativeNames",
        "tags validationMethod validationOptions",
        *IMPORTED,
    ),
    replaces=names(
        "certificateAuthorityArn domainName keyAlgorithm region subjectAlternativeNames validationMethod",
        "validationOptions",
    ),
    exactly_one=(("domainName", "privateKey", "privateKeyWo"),),
    conflicts=(
        ("certificateAuthorityArn", "certificateBody"),
        ("certificateAuthorityArn", "validationMethod"),
        *((name, other) for name in IMPORTED for other in ("domainName", "keyAlgorithm", "validationMethod")),
    ),
    values={"keyAlgorithm": ALGORITHMS, "validationMethod": ("EMAIL", "DNS", "HTTP")},
    computed=names("domainName keyAlgorithm options subjectAlternativeNames validationMethod"),
    sets=names("subjectAlternativeNames validationOptions"),
    checks=(arn("certificateAuthorityArn"), _no_final_dot),
)
VALIDATION = Constraints(
    source="internal/service/acm/certificate_validation.go",
    inputs=names("certificateArn region validationRecordFqdns"),
    required=("certificateArn",),
    replaces=names("certificateArn region validationRecordFqdns"),
    sets=frozenset({"validationRecordFqdns"}),
)


def _create(aws: Region, props: Props) -> str:
    asked = send(props, "domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm")
    tags = {"Tags": tag_list(props["tagsAll"])} if props.get("tagsAll") else {}
    return aws.call("acm", "RequestCertificate", **asked, **tags)["CertificateArn"]


def _find(aws: Region, it: str) -> dict[str, Any] | None:
    return aws.find("acm", "DescribeCertificate", "Certificate", GONE, CertificateArn=it)


def _read(aws: Region, it: str, state: Props) -> Props | None:
    found = _find(aws, it)
    if found is None:
        return None
    props = receive(found, "DomainName", "Status", "Type", arn="CertificateArn")
    tags = aws.find("acm", "ListTagsForCertificate", "Tags", CertificateArn=it)
    return props | {
        "domainValidationOptions": [_option(one) for one in found["DomainValidationOptions"]],
        "keyAlgorithm": found["KeyAlgorithm"].replace("-", "_"),
        "subjectAlternativeNames": _others(found, state),
        "validationMethod": "DNS",
        "tags": tag_map(tags),
    }


def _option(option: dict[str, Any]) -> Props:
    record = option["ResourceRecord"]
    return {"domainName": option["DomainName"]} | {
        f"resourceRecord{member}": record[member] for member in ("Name", "Type", "Value")
    }


def _others(found: dict[str, Any], state: Props) -> list[str]:
    """ACM lists the first name among them; the provider overlooks that where the program leaves it out."""
    first = found["DomainName"]
    said = first in state.get("subjectAlternativeNames", ())
    return [name for name in found["SubjectAlternativeNames"] if said or name != first]


def _delete(aws: Region, it: str, state: Props) -> None:
    aws.find("acm", "DeleteCertificate", "@", GONE, CertificateArn=it)


def _wait(aws: Region, props: Props) -> str:
    """The id is the certificate's here; the real one is the time of its issue, by which nothing is found."""
    it = props["certificateArn"]
    found = aws.find("acm", "DescribeCertificate", "Certificate", CertificateArn=it)
    if found["Status"] != "ISSUED":
        records = {option["ResourceRecord"]["Name"] for option in found["DomainValidationOptions"]}
        message = (
            f"waiting for ACM Certificate ({it}) to be issued: timeout while waiting for state to become 'ISSUED' "
            f"(last state: '{found['Status']}', timeout: 1h15m0s). It is issued once a hosted zone that is asked for "
            f"the name has {', '.join(sorted(records))}: make that record first"
        )
        raise AwsError("acm", "DescribeCertificate", "Timeout", message)
    return it


def _issued(aws: Region, it: str, state: Props) -> Props | None:
    found = _find(aws, it)
    return {"certificateArn": it} if found and found["Status"] == "ISSUED" else None


TYPES = (
    AwsType(
        type="aws:acm/certificate:Certificate",
        constraints=CERTIFICATE,
        create=_create,
        sent=names("domainName keyAlgorithm subjectAlternativeNames validationMethod"),
        read=_read,
        delete=_delete,
        as_made={"keyAlgorithm": "RSA_2048"},
        tagging=Tagging(
            put=lambda aws, it, tags: aws.call("acm", "AddTagsToCertificate", CertificateArn=it, Tags=tag_list(tags)),
            drop=lambda aws, it, gone: aws.call(
                "acm", "RemoveTagsFromCertificate", CertificateArn=it, Tags=[{"Key": name} for name in gone]
            ),
        ),
        census=Census(service="acm", operation="ListCertificates", path="CertificateSummaryList[].CertificateArn"),
    ),
    AwsType(
        type="aws:acm/certificateValidation:CertificateValidation",
        constraints=VALIDATION,
        create=_wait,
        sent=frozenset({"certificateArn"}),
        read=_issued,
        delete=lambda aws, it, state: None,  # the wait leaves nothing behind
        unread=frozenset({"validationRecordFqdns"}),
    ),
)
