"""A real API server (kind, k3d, …) that stands in for that of every simulated EKS cluster."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.errors import SandboxError

REMEDY = "give both, such as --kube-endpoint https://127.0.0.1:6443 --kube-ca /etc/kubernetes/pki/ca.crt"


@dataclass(frozen=True, kw_only=True)
class KubeApi:
    endpoint: str
    """Its URL, without a slash at the end."""
    ca_pem: str
    """The certificates that vouch for it, as PEM text."""

    @classmethod
    def of(cls, url: str | None, ca: Path | None) -> "KubeApi | None":
        """From what the command line gives: both or neither. Raises SandboxError for what no client could use."""
        if url is None and ca is None:
            return None
        if url is None or ca is None:
            given, other = ("--kube-ca", "--kube-endpoint") if url is None else ("--kube-endpoint", "--kube-ca")
            raise SandboxError(f"{given} is given without {other}.", REMEDY)
        return cls(endpoint=_endpoint(url), ca_pem=_certificates(ca))


def _endpoint(url: str) -> str:
    try:
        parts = urlsplit(url)
        known = parts.scheme == "https" and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, a bracket too few
        known = False
    if not known:
        raise SandboxError(f"--kube-endpoint {url!r} is not the https:// URL of an API server.", REMEDY)
    return url.rstrip("/")


def _certificates(path: Path) -> str:
    try:
        text = path.read_text(encoding="ascii")
    except OSError as error:
        raise SandboxError(f"--kube-ca {path} cannot be read: {error.strerror}.", REMEDY) from None
    except UnicodeDecodeError:
        text = ""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text or "nothing")
    except ssl.SSLError:
        raise SandboxError(f"--kube-ca {path} holds no certificate in PEM form.", REMEDY) from None
    return text
