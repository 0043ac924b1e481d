"""Other services of moto's find the certificates that are kept here: they ask its own ACM, which has none."""

from typing import Any

from moto.acm.exceptions import CertificateNotFound
from moto.acm.models import AWSCertificateManagerBackend

from sandbox.aws.acm.certificates_recorded import CERTIFICATES
from sandbox.aws.record import Place, Thing


def teach_lookup() -> None:
    found: Any = _issued
    AWSCertificateManagerBackend.get_certificate = found
    AWSCertificateManagerBackend.set_certificate_in_use_by = found


def _issued(backend: Any, arn: str, *_: str) -> Thing:
    """One that is not proved yet is as good as none."""
    kept = Place("acm", backend.account_id, backend.region_name).shelf(CERTIFICATES)
    certificate = kept.get((arn,), {})
    if certificate.get("Status") != "ISSUED":
        raise CertificateNotFound(arn=arn, account_id=backend.account_id)
    return certificate
