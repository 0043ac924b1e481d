"""Route 53: what a health check asks has to be said. moto takes any."""

from typing import Any

from sandbox.aws.record import Answers, Place, Refusal, Thing

ASKING = {"HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP"}
MEMBERS = {
    "children": "ChildHealthChecks",
    "disabled": "Disabled",
    "enable_sni": "EnableSNI",
    "failure_threshold": "FailureThreshold",
    "fqdn": "FullyQualifiedDomainName",
    "health_threshold": "HealthThreshold",
    "inverted": "Inverted",
    "ip_address": "IPAddress",
    "measure_latency": "MeasureLatency",
    "port": "Port",
    "regions": "Regions",
    "request_interval": "RequestInterval",
    "resource_path": "ResourcePath",
    "search_string": "SearchString",
    "type": "Type",
}


def _create(place: Place, asked: Thing) -> Thing:
    config = asked["HealthCheckConfig"]
    if config["Type"] in ASKING and not config.keys() & {"FullyQualifiedDomainName", "IPAddress"}:
        raise Refusal("InvalidInput", "Invalid parameter : An IP address or a fully qualified domain name is missing.")
    if config["Type"].endswith("_STR_MATCH") != ("SearchString" in config):
        raise Refusal("InvalidInput", f"Invalid parameter : SearchString does not fit the type {config['Type']}.")
    if config["Type"] == "TCP" and "ResourcePath" in config:
        raise Refusal("InvalidInput", "Invalid parameter : ResourcePath is not allowed for health checks of TCP.")
    given: dict[str, Any] = {name: config.get(member) for name, member in MEMBERS.items()}
    lists: dict[str, Any] = {name: given[name] or [] for name in ("children", "regions")}
    return {"HealthCheck": place.backend.create_health_check(asked["CallerReference"], given | lists)}


ANSWERS: Answers = {"CreateHealthCheck": _create}
