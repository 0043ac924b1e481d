"""What AWS itself publishes: the metrics that dashboards here ask for, and the dimensions by which each can be had.

From AWS's guides: RDS, "Amazon CloudWatch metrics for Amazon RDS" and "Monitoring RDS Proxy metrics"; ElastiCache,
"Metrics for Valkey and Redis OSS" and "Host-Level Metrics"; Elastic Load Balancing, "CloudWatch metrics for your
Application Load Balancer"; CloudFront, "Types of metrics for CloudFront"; WAF, "AWS WAF metrics and dimensions"; VPC,
"Monitor NAT gateways".
"""

from collections.abc import Mapping

Dimensions = frozenset[str]


def _by(*sets: str) -> frozenset[Dimensions]:
    return frozenset(frozenset(one.split("+")) for one in sets)


INSTANCE = _by("DBInstanceIdentifier", "EngineName", "DatabaseClass")
PROXY = _by("ProxyName", "ProxyName+EndpointName")
CACHE = _by("CacheClusterId", "CacheClusterId+CacheNodeId")
BALANCER = _by("LoadBalancer", "LoadBalancer+AvailabilityZone")
TARGETS = _by("LoadBalancer+TargetGroup", "LoadBalancer+TargetGroup+AvailabilityZone")
DISTRIBUTION = _by("DistributionId+Region")
FIREWALL = _by("Rule+WebACL", "Rule+WebACL+Region")
NAT = _by("NatGatewayId")


def _all(names: str, by: frozenset[Dimensions]) -> dict[str, frozenset[Dimensions]]:
    return dict.fromkeys(names.split(), by)


PUBLISHED: Mapping[str, Mapping[str, frozenset[Dimensions]]] = {
    "AWS/RDS": {
        **_all("CPUUtilization FreeStorageSpace FreeableMemory ReadIOPS WriteIOPS ReadLatency WriteLatency", INSTANCE),
        **_all(
            "ReplicaLag DBLoad MaximumUsedTransactionIDs TransactionLogsDiskUsage OldestReplicationSlotLag", INSTANCE
        ),
        "DatabaseConnections": INSTANCE | PROXY,
        **_all("ClientConnections DatabaseConnectionsBorrowLatency DatabaseConnectionsSetupFailed", PROXY),
    },
    "AWS/ElastiCache": {
        **_all("EngineCPUUtilization CurrConnections ReplicationLag CacheHits CacheMisses Evictions", CACHE),
        **_all("SuccessfulReadRequestLatency SuccessfulWriteRequestLatency AuthenticationFailures", CACHE),
        **_all("DatabaseMemoryUsagePercentage", CACHE),
    },
    "AWS/ApplicationELB": {
        **_all(
            "RequestCount HTTPCode_Target_5XX_Count TargetResponseTime TargetConnectionErrorCount", BALANCER | TARGETS
        ),
        **_all("HTTPCode_ELB_4XX_Count HTTPCode_ELB_5XX_Count ActiveConnectionCount RejectedConnectionCount", BALANCER),
        **_all("ClientTLSNegotiationErrorCount", BALANCER),
        **_all("HealthyHostCount UnHealthyHostCount", TARGETS),
    },
    "AWS/CloudFront": _all("Requests BytesDownloaded 4xxErrorRate 5xxErrorRate", DISTRIBUTION),
    "AWS/WAFV2": _all("AllowedRequests BlockedRequests CountedRequests", FIREWALL),
    "AWS/NATGateway": _all("BytesOutToDestination ErrorPortAllocation", NAT),
}
STATISTICS = ("Average", "Maximum", "Minimum", "Sum")
"""And percentiles, as ``p95``."""
