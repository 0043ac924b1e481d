"""What simulated AWS remembers between commands: moto's backends, other providers' sections, and who made what.

All in one file, which is replaced whole before a provider answers the engine, so a process that dies in between leaves
AWS as if the unanswered call had never come; a created resource and the note of it are never apart.
"""

import functools
import importlib.metadata
import os
import pickle
import platform
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

from sandbox.errors import SandboxError

FORMAT = "2"  # backends apart, as bytes
REMEDY = "remove the whole state folder: what it simulates, of every stack, is lost, and nothing else is"


@functools.cache
def versions() -> dict[str, str]:
    """A pickle is readable only by what wrote it."""
    return {"format": FORMAT, "moto": importlib.metadata.version("moto"), "python": platform.python_version()}


class Store:
    """Loads at once, saves when told; ``lock`` keeps AWS, and every section, still while it is written.

    Without ``write_through`` only ``flush`` writes.

    Never wait for ``save`` while holding the lock: another save may hold the file and wait for the lock.
    """

    def __init__(self, path: Path, lock: threading.RLock, *, write_through: bool = True) -> None:
        self.path = path
        self.lock = lock
        self._write_through = write_through
        self._file_lock = threading.Lock()
        self._made: dict[str, str] = {}
        self._sections: dict[str, dict[str, Any]] = {}
        self._unread: bytes | None = None
        """moto's part of the file, until ``restore``."""
        self._changes = 0
        self._saved_changes = 0

    def load(self) -> None:
        """Forget all that AWS holds and remember what the file says. Raises SandboxError if it cannot be read."""
        self.read()
        self.restore()

    def read(self) -> None:
        """The notes alone; what AWS holds stays in the file's bytes until ``restore``."""
        self._made, self._sections, self._unread = {}, {}, b""
        if not self.path.exists():
            return
        try:
            # The file is this sandbox's own, in the project's folder.
            content: dict[str, Any] = pickle.loads(self.path.read_bytes())  # noqa: S301
            written_by, backends = content["versions"], content["backends"]
            made, sections = content["made"], content.get("sections", {})
        except Exception as error:  # noqa: BLE001 - a damaged pickle raises anything
            raise self._damaged(error) from None
        if written_by != versions():
            raise SandboxError(
                f"{self.path} was written by {written_by}, this is {versions()}.", f"go back to those; or {REMEDY}"
            )
        self._made, self._sections, self._unread = made, sections, backends

    def restore(self) -> None:
        """Hand over to moto what was read, once."""
        with self.lock:
            unread, self._unread = self._unread, None
            if unread is None:
                return
            try:
                _moto().restore(unread)
            except Exception as error:  # noqa: BLE001 - a damaged pickle raises anything
                raise self._damaged(error) from None

    def _damaged(self, error: Exception) -> SandboxError:
        return SandboxError(f"{self.path} is damaged ({type(error).__name__}: {error}).", REMEDY)

    def section(self, name: str) -> dict[str, Any]:
        """What a provider that is not AWS keeps in the file: plain values, changed only under ``lock``."""
        return self._sections.setdefault(name, {})

    def record(self, urn: str, resource_id: str) -> None:
        """Note what AWS now holds, whether or not the engine will come to know of it."""
        self._made[urn] = resource_id

    def forget(self, urn: str, resource_id: str) -> None:
        """The note of that resource; if there is none, one under another stack's or project's name: both can be renamed
        meanwhile. Two stacks may have things of one name, each in a region of its own.

        A replacement has the same name, another id, and stands already.
        """
        if self._made.get(urn) == resource_id:
            del self._made[urn]
            return
        for noted, made in list(self._made.items()):
            if made == resource_id and noted.split("::")[2:] == urn.split("::")[2:]:
                del self._made[noted]

    def made(self, stack: str | None = None) -> dict[str, str]:
        """Ids by resource name (URN), of one stack or all."""
        return {urn: made for urn, made in self._made.items() if stack is None or urn.split(":")[2] == stack}

    def made_by_others(self, stack: str) -> list[str]:
        """The ids of what other stacks made."""
        return [made for urn, made in self._made.items() if urn.split(":")[2] != stack]

    def save(self) -> None:
        """Note a change; with ``write_through``, on disk on return. Calls that wait together share one write."""
        with self.lock:
            self._changes += 1
            mine = self._changes
        if self._write_through:
            self._write(mine)

    def flush(self) -> None:
        """Return once everything that came before this call is on disk."""
        self._write(self._changes)

    def _write(self, change: int) -> None:
        with self._file_lock:
            if self._saved_changes >= change:
                return
            with self.lock:
                covered = self._changes
                kept = {"made": self._made, "sections": self._sections}
                backends = _moto().dump() if self._unread is None else self._unread
                content = pickle.dumps({"versions": versions(), "backends": backends, **kept})
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part = self.path.with_suffix(".part")
            part.write_bytes(content)
            os.replace(part, self.path)  # noqa: PTH105 - atomic on every platform
            self._saved_changes = covered


def _moto() -> ModuleType:
    """Loading moto takes longer than a preview that never calls AWS: who only reads the notes goes without."""
    from sandbox.aws import moto_state  # noqa: PLC0415

    return moto_state
