"""What the API server makes of an object that it is given."""

import uuid
from datetime import UTC, datetime

from sandbox.kubernetes import controllers
from sandbox.kubernetes.changes import applied
from sandbox.kubernetes.cluster import Key, Session
from sandbox.kubernetes.objects import metadata
from sandbox.kubernetes.plain import map_at
from sandbox.providers.properties import Props

SERVER_OWNED = ("creationTimestamp", "generation", "resourceVersion", "uid")
SERVICE_ADDRESSES = "172.20"
"""One of the two ranges that EKS chooses from where a cluster asks for none (EKS API, ``serviceIpv4Cidr``)."""


def born(session: Session, key: Key, value: Props) -> Props:
    """The object as it stands after its creation."""
    revision = session.contents.next_revision()
    meta = {
        **metadata(value),
        **({"namespace": key.namespace} if key.namespace else {}),
        "uid": str(uuid.uuid4()),
        "creationTimestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resourceVersion": str(revision),
        "generation": 1,
    }
    stored = {**value, "metadata": meta}
    if key[:2] == ("", "Namespace"):
        meta["labels"] = map_at(meta, "labels") | {"kubernetes.io/metadata.name": key.name}
        stored |= {"status": {"phase": "Active"}}
    if key[:2] == ("", "Service"):
        stored["spec"] = _served(map_at(value, "spec"), revision)
    return stored


def changed(session: Session, live: Props, old: Props, new: Props) -> Props:
    """The object after an update, with what others have set in it."""
    merged: Props = applied(live, old, new)
    meta = metadata(merged)
    count = {"resourceVersion": str(session.contents.next_revision()), "generation": meta.get("generation", 0) + 1}
    return {**merged, "metadata": {**meta, **count}}


def settled(session: Session, key: Key, value: Props) -> Props:
    """The object after the controllers that are there have seen it."""
    controllers.take_hold(session.contents)
    hostname = controllers.needs_address(key, value) and controllers.address(
        session.cluster, session.contents, key, value
    )
    return {**value, "status": {"loadBalancer": {"ingress": [{"hostname": hostname}]}}} if hostname else value


def _served(spec: Props, revision: int) -> Props:
    """A Service's addresses: none where it has none of its own."""
    kind = spec.get("type", "ClusterIP")
    if kind == "ExternalName":
        return spec
    address = spec.get("clusterIP", f"{SERVICE_ADDRESSES}.{revision // 250 % 250}.{revision % 250 + 1}")
    return {"type": kind, "clusterIP": address, "clusterIPs": [address], **spec}
