"""The API server, as plain values: apply, read, delete, list."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

from sandbox.kubernetes.objects import Kind, metadata, name_of
from sandbox.kubernetes.plain import is_map
from sandbox.providers.properties import Props

MANAGER = "pulumi-kubernetes"
APPLY = "application/apply-patch+yaml"
CONNECTIONS = 32  # as many as the provider has threads
NOT_FOUND, CONFLICT = 404, 409
OK_BELOW = 300


class ApiError(Exception):
    """What the API server answered instead; ``reason`` is a word such as ``NotFound``."""

    def __init__(self, code: int, status: Mapping[str, Any]) -> None:
        super().__init__(status.get("message") or f"HTTP {code}")
        self.code = code
        self.reason: str = status.get("reason", "")


class Api:
    """``warnings`` are all that the server has sent beside its answers, such as of pods that a standard forbids."""

    def __init__(self, server: str, authority: Path, token: str) -> None:
        self.server = server
        self.warnings: list[str] = []
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._pool = urllib3.PoolManager(ca_certs=str(authority), maxsize=CONNECTIONS, retries=False)
        self._kinds: dict[str, dict[str, tuple[str, bool]]] = {}

    def request(
        self, method: str, path: str, body: Any = None, kind: str = "application/json", **query: str
    ) -> dict[str, Any]:
        """Raises ApiError for what is refused, and urllib3's own errors where nothing answers."""
        url = f"{self.server}{path}?{urlencode(query)}" if query else f"{self.server}{path}"
        headers = {**self._headers, "Content-Type": kind}
        answer = self._pool.request(method, url, body=None if body is None else json.dumps(body), headers=headers)
        self.warnings += answer.headers.getlist("Warning")
        content = _parsed(answer.data)
        if answer.status >= OK_BELOW:
            raise ApiError(answer.status, content)
        return content

    def apply(self, value: Props, *, force: bool = False) -> Props:
        """Server-side apply, as the provider does it."""
        kind = Kind(api_version=value["apiVersion"], kind=value["kind"])
        path = self.path(kind, metadata(value).get("namespace"), name_of(value))
        options = {"fieldManager": MANAGER, "fieldValidation": "Strict", "force": str(force).lower()}
        return self.request("PATCH", path, value, APPLY, **options)

    def get(self, kind: Kind, namespace: str | None, name: str) -> Props | None:
        try:
            return self.request("GET", self.path(kind, namespace, name))
        except ApiError as error:
            if error.code == NOT_FOUND:
                return None
            raise

    def list(self, kind: Kind, namespace: str | None = None, **query: str) -> list[Props]:
        """All of a kind; of every namespace, if none is named."""
        return self.request("GET", self.path(kind, namespace, everywhere=not namespace), **query)["items"]

    def delete(self, kind: Kind, namespace: str | None, name: str) -> None:
        """What hangs on the object goes first. What is not there is deleted."""
        options = {"propagationPolicy": "Foreground"}
        try:
            self.request("DELETE", self.path(kind, namespace, name), options)
        except ApiError as error:
            if error.code != NOT_FOUND:
                raise

    def path(self, kind: Kind, namespace: str | None, name: str = "", *, everywhere: bool = False) -> str:
        plural, namespaced = self._known(kind)
        place = f"/namespaces/{namespace or 'default'}" if namespaced and not everywhere else ""
        return f"{_root(kind.api_version)}{place}/{plural}{name and f'/{name}'}"

    def _known(self, kind: Kind) -> tuple[str, bool]:
        """The plural, and whether such objects live in namespaces. Definitions come later than the first question."""
        if kind.kind not in self._kinds.get(kind.api_version, {}):
            found = self.request("GET", _root(kind.api_version))["resources"]
            known = {item["kind"]: (item["name"], item["namespaced"]) for item in found if "/" not in item["name"]}
            self._kinds[kind.api_version] = known
        try:
            return self._kinds[kind.api_version][kind.kind]
        except KeyError:
            raise ApiError(NOT_FOUND, {"message": f"no matches for {kind}", "reason": "NotFound"}) from None


def _root(api_version: str) -> str:
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        content: Any = json.loads(data)
    except ValueError:
        return {"message": data.decode(errors="replace")}
    return content if is_map(content) else {"message": str(content)}
