"""Who vouches for whom in a control plane: one authority, server certificates for loopback, the keys of accounts."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

DAYS = 3650
AUTHORITY, SERVER, ACCOUNTS = "ca", "tls", "accounts"
KEY_BITS = 2048  # the API server signs accounts' tokens with RSA


def write(folder: Path, names: list[str]) -> None:
    """The authority ``ca``, a server's pair ``tls`` for loopback and ``names``, and the pair ``accounts``."""
    folder.mkdir(parents=True, mode=0o700)
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _name("sandbox")
    ca = _builder(issuer, issuer, authority.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    alternatives = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), *(x509.DNSName(name) for name in names)]
    server = _builder(_name("loopback"), issuer, key.public_key()).add_extension(
        x509.SubjectAlternativeName(alternatives), critical=False
    )
    for name, pair, certificate in ((AUTHORITY, authority, ca), (SERVER, key, server)):
        _write_key(folder / f"{name}.key", pair)
        signed = certificate.sign(authority, hashes.SHA256())
        (folder / f"{name}.crt").write_bytes(signed.public_bytes(Encoding.PEM))
    accounts = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    _write_key(folder / f"{ACCOUNTS}.key", accounts)
    public = accounts.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / f"{ACCOUNTS}.pub").write_bytes(public)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
    path.touch(mode=0o600)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=DAYS))
    )
