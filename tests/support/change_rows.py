"""A change of every key of the stack file, and what it means: the rows of docs/configuration-changes.md.

What the engine does of each is not written here but recorded, in tests/sandbox/changes.txt.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.support.configurations import Raw, put

Edit = Callable[[Raw], Raw]
ACCOUNT, OTHER_ACCOUNT = "123456789012", "210987654321"
PEER = {"stack": "staging-dr", "region": "ap-southeast-1", "cidr": "10.1.0.0/16", "pod_cidr": "100.65.0.0/16"}
LISTS = ("public_subnets", "app_subnets", "database_subnets", "pod_subnets")
THIRD = ("10.0.3.0/24", "10.0.30.0/24", "10.0.150.0/24", "100.64.128.0/18")
GIVEN_ZONE = "Z0123456789EXAMPLE"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/dhakacart-night-shift"


@dataclass(frozen=True)
class Row:
    """One change of one key, in a stack that stands as staging does, with a peer."""

    key: str
    change: str
    """In words, for the table."""
    edit: Edit
    note: str = ""
    """What the engine's steps do not tell."""

    @property
    def name(self) -> str:
        return f"{self.key}: {self.change}"


def base(raw: Raw) -> Raw:
    """The stack that stands before and after every change."""
    standing = {"mirrors": {}, **raw, "peer": PEER, "database": {**raw["database"], "schema_release": "v1"}}
    return put(standing, "services.backend.release", "v1")


def to(key: str, value: Any, note: str = "", *, change: str = "") -> Row:
    """The key alone is changed."""
    return Row(key, change or f"`{json.dumps(value).strip(chr(34))}`", lambda raw: put(raw, key, value), note)


def _network(**changes: Callable[[list[str]], list[str]]) -> Edit:
    def edit(raw: Raw) -> Raw:
        network = raw["network"] | {name: change(raw["network"][name]) for name, change in changes.items()}
        return {**raw, "network": network}

    return edit


def _other_first(tier: int, block: str) -> Edit:
    return _network(**{LISTS[tier]: lambda found: [block, *found[1:]]})


def _zones_and_lists(change: Callable[[list[str]], list[str]]) -> Edit:
    return _network(**dict.fromkeys(("availability_zones", *LISTS), change))


def _third_zone(raw: Raw) -> Raw:
    added = dict(zip(("availability_zones", *LISTS), ("ap-south-1c", *THIRD), strict=True))
    return {**raw, "network": raw["network"] | {name: [*raw["network"][name], one] for name, one in added.items()}}


def _third_for_the_first(raw: Raw) -> Raw:
    return _zones_and_lists(lambda found: found[1:])(_third_zone(raw))


def _another_vpc(raw: Raw) -> Raw:
    network = raw["network"] | {"cidr": "10.9.0.0/16"}
    network |= {name: [block.replace("10.0.", "10.9.") for block in network[name]] for name in LISTS[:3]}
    return {**raw, "network": network}


def _other_pods(raw: Raw) -> Raw:
    changed = {"pod_cidr": "100.70.0.0/16", "pod_subnets": ["100.70.0.0/18", "100.70.64.0/18"]}
    return {**raw, "network": raw["network"] | changed}


def _another_region(raw: Raw) -> Raw:
    zones = ["eu-west-1a", "eu-west-1b"]
    return {**raw, "region": "eu-west-1", "network": raw["network"] | {"availability_zones": zones}}


def _another_account(raw: Raw) -> Raw:
    people = ("administrators", "deployers", "readers")
    cluster = raw["cluster"] | {"public_access_cidrs": []}
    cluster |= {role: [one.replace(ACCOUNT, OTHER_ACCOUNT) for one in cluster[role]] for role in people}
    return {**raw, "account_id": OTHER_ACCOUNT, "cluster": cluster, "domain": None, "cdn": None, "alerts": {}}


def _moved_control_plane(raw: Raw) -> Raw:
    return put(_third_zone(raw), "cluster.control_plane_zones", ["ap-south-1b", "ap-south-1c"])


def _append(key: str, value: str, note: str = "") -> Row:
    section, name = key.split(".")
    return Row(key, "one more", lambda raw: put(raw, key, [*raw[section][name], value]), note)


def _shorten(key: str) -> Row:
    section, name = key.split(".")
    return Row(key, "one less", lambda raw: put(raw, key, raw[section][name][:-1]))


def _service(key: str, value: Any, note: str = "", *, change: str = "") -> Row:
    """Of the backend."""
    row = to(f"services.backend.{key}", value, note, change=change)
    return Row(f"services.*.{key}", row.change, row.edit, note)


def _in_zone(name: str) -> Edit:
    return lambda raw: put(raw, "domain.zone", {"id": GIVEN_ZONE, "name": name})


def _further_service(raw: Raw) -> Raw:
    search = {"port": 8080, "routes": ["/search"], "reaches": ["redis"], "scaling": {"max_pods": 3}}
    return put(raw, "services.search", search)


def _alone(raw: Raw) -> Raw:
    """The frontend of a shop without a backend."""
    return {**raw["services"]["frontend"], "reaches": []}


TAGS = "A tag of everything. Karpenter replaces its nodes by and by; the system nodes are replaced one at a time."
NODES = "Pods in the zone move: the old subnet goes when nothing is left in it, which may take a second `up`."
ROWS: tuple[Row, ...] = (
    to("environment", "staging-eu", "The stack's name has to allow it, besides.", change="another"),
    Row("region", "another", _another_region, "A stack is one region."),
    Row("account_id", "another", _another_account),
    to("role", "standby", "A standby's database is a copy: the way there is in the runbook on failing over."),
    to("peer.stack", "staging-east", "An environment has one other stack: `staging-dr`."),
    to("peer.region", "ap-southeast-2", "Images are copied there from then on; what was copied stays."),
    to("peer.cidr", "10.2.0.0/16", "Checked, and written nowhere."),
    to("peer.pod_cidr", "100.66.0.0/16", "Checked, and written nowhere."),
    to("peer.copy_buckets", True, "Off again, what was copied stays."),
    to("owner", "commerce", TAGS),
    to("cost_centre", "00815", TAGS),
    to("protect_data", True, "Off again takes an `up` of its own, before anything that it protected can go."),
    Row("network.cidr", "another", _another_vpc),
    Row("network.pod_cidr", "another", _other_pods),
    Row("network.availability_zones", "one more, a block in each list", _third_zone, "System nodes stay in theirs."),
    Row("network.availability_zones", "another order, as each list", _zones_and_lists(lambda found: found[::-1])),
    Row("network.availability_zones", "another order than the lists", _network(availability_zones=lambda z: z[::-1])),
    Row("network.availability_zones", "without one of the control plane's", _third_for_the_first),
    Row(
        "network.public_subnets",
        "another block",
        _other_first(0, "10.0.7.0/24"),
        "The zone's way out is shut while its NAT gateway is made anew: minutes. Its address stays.",
    ),
    Row("network.app_subnets", "another block", _other_first(1, "10.0.70.0/24"), NODES),
    Row(
        "network.app_subnets",
        "the other zone's block",
        _network(app_subnets=lambda found: [found[1], "10.0.120.0/24"]),
    ),
    Row("network.database_subnets", "another block", _other_first(2, "10.0.120.0/24")),
    Row("network.pod_subnets", "another block", _other_first(3, "100.64.192.0/18")),
    to("network.nat_gateways", "single", "The first zone's stays. Other zones' public addresses are given back."),
    _append("network.interface_endpoints", "sts"),
    _shorten("network.interface_endpoints"),
    to("network.flow_logs.retention_days", 30, "Less deletes what is older."),
    _append("cluster.public_access_cidrs", "198.51.100.0/24", "Minutes, in which the API is reached as before."),
    to("cluster.public_access_cidrs", [], "Whoever deploys has to come by way of the VPC.", change="`[]`"),
    _append("cluster.administrators", ROLE),
    _append("cluster.deployers", ROLE),
    _append("cluster.readers", ROLE),
    to(
        "cluster.architecture",
        "x86_64",
        "New system nodes are ready before the old go. Karpenter replaces its own.",
    ),
    Row("cluster.control_plane_zones", "others", _moved_control_plane),
    to(
        "cluster.control_plane_zones",
        ["ap-south-1b", "ap-south-1a"],
        "So that a new first zone changes nothing.",
        change="the same, said",
    ),
    to("cluster.system_nodes", 3, change="more"),
    to("cluster.system_nodes", 7, "Past the size the group might have grown to.", change="many more"),
    to("cluster.node_limits.on_demand_vcpu", 12, "Less ends no node that runs."),
    to("cluster.node_limits.spot_vcpu", 20, "Less ends no node that runs."),
    to("cluster.log_retention_days", 30, "Less deletes what is older."),
    _append("registry.repositories", "worker", "Bring the peer up before the first image is pushed."),
    to(
        "registry.repositories",
        ["backend", "schema"],
        "Its images are gone. Refused by the engine where `protect_data: true`.",
        change="one less",
    ),
    to("registry.keep_releases", 20, "Less deletes older images, within a day."),
    to("database.instance_class", "db.t4g.large", "Minutes without the database; in production in its window."),
    to("database.storage_gib", 30, "It never shrinks: taken back, nothing happens."),
    to("database.max_storage_gib", 100),
    to("database.multi_az", True, "In place, while it serves."),
    to("database.read_replicas", 1),
    to("database.backup_retention_days", 14, "Less deletes what is older."),
    to("database.log_retention_days", 30, "Less deletes what is older."),
    to("database.connections.pods", 12, "Checked, and written nowhere."),
    to("database.connections.pool_size", 15, "Checked, and written nowhere."),
    to("database.proxy", True, "Pods have its address once they start anew."),
    to("database.schema_release", "v2", "Where the Job fails, nothing that waits for it is touched."),
    to("database.password_generation", 2, "Pods that run go on as the user they have."),
    to("cache.concurrent_users", 6000, "Checked against the nodes' memory, and written nowhere."),
    to(
        "cache.node_type",
        "cache.t4g.small",
        "New nodes take over from the old ones, one at a time; open connections break once.",
    ),
    to("cache.shards", 2, "Keys move while they are served: minutes to hours.", change="more"),
    to("cache.replicas_per_shard", 2, change="more"),
    Row(
        "cache.durability",
        "on, and nodes that can",
        lambda raw: put(put(raw, "cache.node_type", "cache.m7g.large"), "cache.durability", "async"),
        "AWS would switch it in place, the provider does not: sessions and carts are gone, where it is not protected.",
    ),
    to("cache.snapshot_retention_days", 3, "Less deletes older snapshots."),
    to("cache.log_retention_days", 30, "Less deletes what is older."),
    to("logging.nodes", 3, "Of one nobody has a copy meanwhile; fewer are emptied first.", change="more"),
    to("logging.memory_gib", 4, "Nodes start anew, one at a time; one alone takes no logs for so long."),
    to("logging.storage_gib", 30, "Disks grow while they are used, and never shrink."),
    to("logging.daily_gib", 2, "Checked against the disks, and written nowhere."),
    to("logging.retention_days", 5, "Less deletes what is older."),
    to("logging.snapshot_retention_days", 14, "Less deletes older snapshots."),
    _service("release", "v2", "Pods roll; a bad one takes none away."),
    Row(
        "services.*.release", "the first", lambda raw: put(raw, "services.frontend.release", "v1"), "The stand-in goes."
    ),
    _service("port", 5001, "Pods roll; whoever calls it has to know."),
    _service("metrics_port", 9465, "Pods roll."),
    _service("routes", [], "The load balancer is shut out."),
    Row("services.*.sticky", "off", lambda raw: put(raw, "services.frontend.sticky", False)),
    _service("reaches", ["database"]),
    _service("variables", {"LOG_LEVEL": "debug"}, "Pods roll, and none goes without what it was started with."),
    _service("health.path", "/ready", "Pods roll."),
    _service("health.liveness_path", "/alive", "Pods roll."),
    _service("health.public_path", "/api/categories"),
    _service("health.startup_seconds", 120, "Pods roll."),
    _service("resources.cpu_request_millicores", 400, "Pods roll."),
    _service("resources.cpu_limit_millicores", 1000, "Pods roll."),
    _service("resources.memory_request_mib", 384, "Pods roll."),
    _service("resources.memory_limit_mib", 768, "Pods roll."),
    _service("scaling.min_pods", 3, change="more"),
    _service("scaling.max_pods", 8),
    _service("scaling.cpu_percent", 60),
    _service("scaling.memory_percent", 90),
    _service("scaling.max_surge", 3, "From the next release on."),
    _service("scaling.max_unavailable_percent", 50),
    _service("spot", True, "Pods roll."),
    _service("user_id", 2000, "Pods roll."),
    _service("writable_paths", ["/tmp", "/data"], "Pods roll."),
    Row("services.*.port", "a further service", _further_service),
    Row(
        "services.*.port", "one less", lambda raw: {**raw, "services": {"frontend": _alone(raw)}}, "It is gone at once."
    ),
    to("spare_pods", 2),
    to("domain.name", "shop.dhakacart.example", "A zone and a certificate anew: the first `up` waits for both."),
    Row("domain.zone.id", "one that is there", _in_zone("dhakacart.example"), "The zone that the stack made is gone."),
    Row("domain.zone.name", "one without the name", _in_zone("example.org")),
    to("cdn.static_paths", ["/static", "/fonts"]),
    to("cdn.firewall.managed_rules", "count", "The other way once the log shows nobody but attackers."),
    to("cdn.firewall.requests_per_address", 50_000),
    to("cdn.firewall.guarded_paths", ["/api/login"]),
    to("cdn.firewall.requests_per_address_to_guarded", 200),
    to("cdn.firewall.log_retention_days", 30),
    to("cdn.origin_key", {"secure": "v1:a:b"}, "In `staging-dr`, which is told.", change="one"),
    Row(
        "cdn.static_paths",
        "no section cdn",
        lambda raw: {**raw, "cdn": None},
        "The load balancer is open first, and CloudFront is gone minutes later.",
    ),
    _append("alerts.emails", "manager@dhakacart.example", "Each region asks the new address first."),
    to("alerts.monthly_budget_usd", 900),
    to("monitoring.retention_days", 14, "Less deletes what is older."),
    to("monitoring.storage_gib", 40, "Begin by hand: docs/runbooks/metrics.md."),
    to("monitoring.replicated", True, "The second one begins without what the first has."),
    to("mirrors.charts", "oci://registry.example.com/charts", "The same charts: their pods are not started again."),
    to("mirrors.images", "registry.example.com/public", "Pods are started again, with their images from there."),
)


def leaves(schema: dict[str, Any], at: dict[str, Any] | None = None, prefix: str = "") -> Iterable[str]:
    """Every key of a model's JSON Schema that holds a value or a list, dotted."""
    for name, described in (at or schema)["properties"].items():
        options = [described, *described.get("anyOf", ()), *described.get("allOf", ())]
        named = [inner for one in options for inner in one.get("patternProperties", {}).values() if "$ref" in inner]
        section = next((one["$ref"].split("/")[-1] for one in [*options, *named] if "$ref" in one), None)
        if section:
            yield from leaves(schema, schema["$defs"][section], f"{prefix}{name}.{'*.' if named else ''}")
        else:
            yield f"{prefix}{name}"
