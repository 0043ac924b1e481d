"""What simulated AWS remembers between commands: moto's backends, other providers' sections, and who made what.

All in one file, which is replaced whole before a provider answers the engine, so a process that dies in between leaves
AWS as if the unanswered call had never come; a created resource and the note of it are never apart.
"""

import importlib.metadata
import io
import os
import pickle
import platform
import threading
from array import array
from ipaddress import IPv4Address
from pathlib import Path
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

from sandbox.errors import SandboxError

RESERVED = "_reserved_ips"
REMEDY = "remove the folder (`make clean`): what it simulates is lost, nothing else is"


def versions() -> dict[str, str]:
    """A pickle is readable only by what wrote it."""
    return {"moto": importlib.metadata.version("moto"), "python": platform.python_version()}


class Store:
    """Loads at once, saves when told; ``lock`` keeps AWS, and every section, still while it is written.

    Never wait for ``save`` while holding the lock: another save may hold the file and wait for the lock.
    """

    def __init__(self, path: Path, lock: threading.RLock) -> None:
        self.path = path
        self.lock = lock
        self._file_lock = threading.Lock()
        self._made: dict[str, str] = {}
        self._sections: dict[str, dict[str, Any]] = {}
        self._changes = 0
        self._saved_changes = 0

    def load(self) -> None:
        """Forget all that AWS holds and remember what the file says. Raises SandboxError if it cannot be read."""
        BackendDict.reset()
        self._made, self._sections = {}, {}
        if not self.path.exists():
            return
        try:
            # The file is this sandbox's own, in the project's folder.
            content: dict[str, Any] = pickle.loads(self.path.read_bytes())  # noqa: S301
            written_by, backends = content["versions"], content["backends"]
            made, sections = content["made"], content.get("sections", {})
        except Exception as error:  # noqa: BLE001 - a damaged pickle raises anything
            raise SandboxError(f"{self.path} is damaged ({type(error).__name__}: {error}).", REMEDY) from None
        if written_by != versions():
            raise SandboxError(f"{self.path} was written by {written_by}, this is {versions()}.", REMEDY)
        for service, accounts in backends.items():
            for account, regions in accounts.items():
                backend: Any = get_backend(service)  # pyright: ignore[reportUnknownVariableType]
                backend[account].update(regions)
        self._made, self._sections = made, sections

    def section(self, name: str) -> dict[str, Any]:
        """What a provider that is not AWS keeps in the file: plain values, changed only under ``lock``."""
        return self._sections.setdefault(name, {})

    def record(self, urn: str, resource_id: str) -> None:
        """Note what AWS now holds, whether or not the engine will come to know of it."""
        self._made[urn] = resource_id

    def forget(self, urn: str, resource_id: str) -> None:
        if self._made.get(urn) == resource_id:  # a replacement has the same name, and stands already
            del self._made[urn]

    def made(self, stack: str | None = None) -> dict[str, str]:
        """Ids by resource name (URN), of one stack or all."""
        return {urn: made for urn, made in self._made.items() if stack is None or urn.split(":")[2] == stack}

    def save(self) -> None:
        """Return once everything that came before this call is on disk; calls that wait together share one write."""
        with self.lock:
            self._changes += 1
            mine = self._changes
        with self._file_lock:
            if self._saved_changes >= mine:
                return
            with self.lock:
                covered = self._changes
                kept = {"made": self._made, "sections": self._sections}
                content = _pickled({"versions": versions(), "backends": _backends(), **kept})
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(".part")
            part.write_bytes(content)
            os.replace(part, self.path)  # noqa: PTH105 - atomic on every platform
            self._saved_changes = covered


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
    return load_der_private_key(der, password=None)


def _pickled(content: object) -> bytes:
    buffer = io.BytesIO()
    _Pickler(buffer).dump(content)
    return buffer.getvalue()


def _backends() -> dict[str, dict[str, dict[str, Any]]]:
    """Every backend in use, by service, account and region."""
    in_use: Any = BackendDict._instances  # pyright: ignore  # noqa: SLF001 - moto offers no other list of them
    return {
        backend.service_name: {account: dict(regions) for account, regions in backend.items()} for backend in in_use
    }
