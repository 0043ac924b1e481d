"""ACM: certificates that are issued once their names are proved. moto issues them by the clock.

Kept here altogether: moto signs a certificate that nobody looks at, which takes longer than everything else.
"""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sandbox.aws.record import Answers, Place, Refusal, Thing, now

VALID_DAYS = 198  # of those that are issued in 2026
CERTIFICATES = "certificate"
DIGEST = 32


def _request(place: Place, asked: Thing) -> Thing:
    arn = place.arn(f"certificate/{uuid.uuid4()}")
    first, others = asked["DomainName"], asked.get("SubjectAlternativeNames", [])
    domains = list(dict.fromkeys([first, *others]))
    place.shelf(CERTIFICATES)[arn,] = {
        "CertificateArn": arn,
        "DomainName": first,
        "SubjectAlternativeNames": domains,
        "DomainValidationOptions": [_proof(place, domain) for domain in domains],
        "KeyAlgorithm": asked.get("KeyAlgorithm", "RSA_2048").replace("_", "-"),
        "Type": "AMAZON_ISSUED",
        "Status": "PENDING_VALIDATION",
        "CreatedAt": now(),
        "Tags": asked.get("Tags", []),
    }
    return {"CertificateArn": arn}


def _proof(place: Place, domain: str) -> Thing:
    """The record that proves it: an account's own, the same in every region, one for a name and all below it."""
    base = domain.removeprefix("*.")
    left, right = (hashlib.sha256(f"{place.account}/{end}/{base}".encode()).hexdigest()[:DIGEST] for end in "lr")
    record = {"Name": f"_{left}.{base}.", "Type": "CNAME", "Value": f"_{right}.acm-validations.aws."}
    return {"DomainName": domain, "ValidationMethod": "DNS", "ResourceRecord": record}


def _describe(place: Place, asked: Thing) -> Thing:
    certificate = _find(place, asked)
    if certificate["Status"] != "ISSUED" and _proved(place, certificate):
        issued = now()
        certificate |= {"Status": "ISSUED", "IssuedAt": issued, "NotBefore": issued}
        certificate["NotAfter"] = issued + timedelta(days=VALID_DAYS)
    return {"Certificate": {name: value for name, value in certificate.items() if name != "Tags"}}


def _proved(place: Place, certificate: Thing) -> bool:
    zones: Any = place.of("route53").zones.values()
    aliases = [one for zone in zones for one in zone.rrsets if one.type == "CNAME"]
    standing = {(one.name, value.rstrip(".")) for one in aliases for value in one.records}
    wanted = [option["ResourceRecord"] for option in certificate["DomainValidationOptions"]]
    return all((one["Name"], one["Value"].rstrip(".")) in standing for one in wanted)


def _find(place: Place, asked: Thing) -> Thing:
    arn = asked["CertificateArn"]
    if (found := place.shelf(CERTIFICATES).get((arn,))) is None:
        raise Refusal("ResourceNotFoundException", f"Could not find certificate {arn}.")
    return found


def _delete(place: Place, asked: Thing) -> Thing:
    _find(place, asked)
    standing = [kept["Distribution"]["DistributionConfig"] for kept in _distributions(place)]
    if any(one.get("ViewerCertificate", {}).get("ACMCertificateArn") == asked["CertificateArn"] for one in standing):
        raise Refusal("ResourceInUseException", f"Certificate {asked['CertificateArn']} is in use.")
    del place.shelf(CERTIFICATES)[asked["CertificateArn"],]
    return {}


def _distributions(place: Place) -> Iterable[Thing]:
    return place.elsewhere("cloudfront").shelf("distribution").values()


def _list(place: Place, asked: Thing) -> Thing:
    kept = place.shelf(CERTIFICATES).values()
    return {"CertificateSummaryList": [{name: one[name] for name in ("CertificateArn", "DomainName")} for one in kept]}


def _tag(place: Place, asked: Thing) -> Thing:
    certificate, new = _find(place, asked), {tag["Key"]: tag for tag in asked["Tags"]}
    kept = [tag for tag in certificate["Tags"] if tag["Key"] not in new]
    certificate["Tags"] = [*kept, *new.values()]
    return {}


def _untag(place: Place, asked: Thing) -> Thing:
    certificate, gone = _find(place, asked), {tag["Key"] for tag in asked["Tags"]}
    certificate["Tags"] = [tag for tag in certificate["Tags"] if tag["Key"] not in gone]
    return {}


def _tags(place: Place, asked: Thing) -> Thing:
    return {"Tags": _find(place, asked)["Tags"]}


ANSWERS: Answers = {
    "RequestCertificate": _request,
    "DescribeCertificate": _describe,
    "DeleteCertificate": _delete,
    "ListCertificates": _list,
    "AddTagsToCertificate": _tag,
    "RemoveTagsFromCertificate": _untag,
    "ListTagsForCertificate": _tags,
}
