"""All that moto keeps, as bytes and back: its backends pickle, with a few exceptions that are made good here."""

import io
import pickle
import threading
from array import array
from ipaddress import IPv4Address
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.ec2.models.subnets import Subnet
from moto.s3.models import s3_backends

RESERVED = "_reserved_ips"


def restore(content: bytes) -> None:
    """Forget what stands, and bring back what ``dump`` gave; of no bytes, nothing."""
    BackendDict.reset()
    # The bytes are from this sandbox's own file, in the project's folder.
    kept: dict[str, dict[str, Any]] = pickle.loads(content) if content else {}  # noqa: S301
    for service, accounts in kept.items():
        for account, regions in accounts.items():
            load: Any = get_backend  # pyright: ignore[reportUnknownVariableType] - an overload for each service
            load(service)[account].update(regions)
    for account, regions in kept.get("s3", {}).items():
        names = {name: (place, account) for place, backend in regions.items() for name in backend.buckets}
        s3_backends.bucket_accounts.update(names)  # of all accounts, and kept apart from them


def dump() -> bytes:
    buffer = io.BytesIO()
    _Pickler(buffer).dump(backends())
    return buffer.getvalue()


def backends() -> dict[str, dict[str, dict[str, Any]]]:
    """Every backend in use, by service, account and region."""
    in_use: Any = BackendDict._instances  # pyright: ignore  # noqa: SLF001 - moto offers no other list of them
    return {
        backend.service_name: {account: dict(regions) for account, regions in backend.items()} for backend in in_use
    }


class _Pickler(pickle.Pickler):
    """Knows what moto keeps that Python cannot pickle (the private keys behind KMS, locks), or only at length."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, Subnet):
            return object.__new__, (Subnet,), _folded(obj), None, None, _unfold
        for make in (threading.Lock, threading.RLock):
            if isinstance(obj, type(make())):
                return make, ()
        if isinstance(obj, RSAPrivateKey | EllipticCurvePrivateKey):
            der = obj.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
            return _private_key, (der,)
        return NotImplemented


def _folded(subnet: Subnet) -> dict[str, Any]:
    """A subnet's state, reserved addresses as numbers: moto keeps each as an object, 8,192 of a /18 pod subnet."""
    return {**vars(subnet), RESERVED: array("L", map(int, vars(subnet)[RESERVED]))}


def _unfold(subnet: Subnet, state: dict[str, Any]) -> None:
    vars(subnet).update(state, **{RESERVED: {IPv4Address(number) for number in state[RESERVED]}})


def _private_key(der: bytes) -> Any:
    # To see whether its factors are primes would take a good part of a command, and it is as it was made here.
    return load_der_private_key(der, password=None, unsafe_skip_rsa_key_validation=True)
