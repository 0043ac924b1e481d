"""Simulated AWS as an outsider sees it: plain boto3, none of our own arguments."""

from dataclasses import dataclass
from typing import Any

from sandbox.aws.moto_calls import client  # boto3's, of a session that has read the services' models

ACCOUNT = "000000000777"
"""Of the tests that need no stack."""


@dataclass(frozen=True)
class RouteTable:
    name: str
    routes: list[dict[str, Any]]
    subnets: list[str]

    def routes_to(self, destination: str) -> list[dict[str, Any]]:
        return [route for route in self.routes if route.get("DestinationCidrBlock") == destination]


class Aws:
    """One region of the account."""

    def __init__(self, region: str) -> None:
        self.region = region

    def client(self, service: str) -> Any:
        return client(self.region, service)

    @property
    def ec2(self) -> Any:
        return self.client("ec2")

    def vpc(self) -> dict[str, Any]:
        """The only VPC beside the account's default one."""
        (vpc,) = [vpc for vpc in self.ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]]
        return vpc

    def subnets(self, tier: str) -> list[dict[str, Any]]:
        """A tier's subnets, in the order of their zones."""
        filters = [{"Name": "tag:Tier", "Values": [tier]}]
        found = self.ec2.describe_subnets(Filters=filters)["Subnets"]
        return sorted(found, key=lambda subnet: subnet["AvailabilityZone"])

    def route_tables(self, tier: str) -> list[RouteTable]:
        filters = [{"Name": "tag:Tier", "Values": [tier]}]
        return [
            RouteTable(
                name=next(tag["Value"] for tag in table["Tags"] if tag["Key"] == "Name"),
                routes=table["Routes"],
                subnets=[link["SubnetId"] for link in table["Associations"] if "SubnetId" in link],
            )
            for table in self.ec2.describe_route_tables(Filters=filters)["RouteTables"]
        ]

    def inventory(self) -> dict[str, int]:
        """How many of each kind stand: what two creations of the same network must agree on."""
        ec2, iam, kms, logs = (self.client(name) for name in ("ec2", "iam", "kms", "logs"))
        vpc = [{"Name": "vpc-id", "Values": [self.vpc()["VpcId"]]}]
        tables = ec2.describe_route_tables(Filters=vpc)["RouteTables"]
        groups = ec2.describe_security_groups(Filters=vpc)["SecurityGroups"]
        keys = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
        return {
            **self._of_the_cluster(),
            **self._of_the_data(),
            **self._of_the_cache(),
            **self.of_the_edge(),
            "subnets": len(ec2.describe_subnets(Filters=vpc)["Subnets"]),
            "addresses": len(ec2.describe_addresses()["Addresses"]),
            "nat gateways": len(
                [n for n in ec2.describe_nat_gateways(Filters=vpc)["NatGateways"] if n["State"] != "deleted"]
            ),
            "internet gateways": len(ec2.describe_internet_gateways()["InternetGateways"]),
            "route tables": len(tables),
            "routes": sum(len(table["Routes"]) for table in tables),
            "associations": sum(len(table["Associations"]) for table in tables),
            "endpoints": len([e for e in ec2.describe_vpc_endpoints()["VpcEndpoints"] if e["State"] != "deleted"]),
            "security groups": len(groups),
            "rules": sum(len(group["IpPermissions"]) + len(group["IpPermissionsEgress"]) for group in groups),
            "flow logs": len(ec2.describe_flow_logs()["FlowLogs"]),
            "roles": len(iam.list_roles()["Roles"]),
            "log groups": len(logs.describe_log_groups()["logGroups"]),
            "aliases": len([a for a in kms.list_aliases()["Aliases"] if not a["AliasName"].startswith("alias/aws/")]),
            "keys": len([key for key in keys if key["KeyState"] == "Enabled"]),
        }

    def _of_the_cluster(self) -> dict[str, int]:
        eks, ecr, iam = (self.client(name) for name in ("eks", "ecr", "iam"))
        clusters = eks.list_clusters()["clusters"]
        parts = {
            "node groups": (eks.list_nodegroups, "nodegroups"),
            "add-ons": (eks.list_addons, "addons"),
            "access entries": (eks.list_access_entries, "accessEntries"),
            "pod identities": (eks.list_pod_identity_associations, "associations"),
        }
        counts = {what: sum(len(ask(clusterName=one)[key]) for one in clusters) for what, (ask, key) in parts.items()}
        return counts | {
            "clusters": len(clusters),
            "launch templates": len(self.ec2.describe_launch_templates()["LaunchTemplates"]),
            "repositories": len(ecr.describe_repositories()["repositories"]),
            "cache rules": len(ecr.describe_pull_through_cache_rules()["pullThroughCacheRules"]),
            "instance profiles": len(iam.list_instance_profiles()["InstanceProfiles"]),
            "queues": len(self.client("sqs").list_queues().get("QueueUrls", [])),
            "event rules": len(self.client("events").list_rules()["Rules"]),
        }

    def _of_the_data(self) -> dict[str, int]:
        rds, s3 = self.client("rds"), self.client("s3")
        return {
            "buckets": len(s3.list_buckets(BucketRegion=self.region)["Buckets"]),
            "databases": len(rds.describe_db_instances()["DBInstances"]),
            "database subnet groups": len(rds.describe_db_subnet_groups()["DBSubnetGroups"]),
            "secrets": len(self.client("secretsmanager").list_secrets()["SecretList"]),
        }

    def shown_to_origins(self) -> list[dict[str, Any]]:
        """Headers that CloudFront adds to what it asks."""
        client = self.client("cloudfront")
        ids = [one["Id"] for one in client.list_distributions()["DistributionList"].get("Items", [])]
        configs = [client.get_distribution_config(Id=one)["DistributionConfig"] for one in ids]
        origins = [origin for config in configs for origin in config["Origins"]["Items"]]
        return [header for origin in origins for header in origin.get("CustomHeaders", {}).get("Items", [])]

    def of_the_edge(self) -> dict[str, int]:
        cloudfront, far = self.client("cloudfront"), Aws("us-east-1")
        logs = far.client("logs")
        return {
            "distributions": cloudfront.list_distributions()["DistributionList"]["Quantity"],
            "origin access controls": cloudfront.list_origin_access_controls()["OriginAccessControlList"]["Quantity"],
            "web ACLs": len(far.client("wafv2").list_web_acls(Scope="CLOUDFRONT")["WebACLs"]),
            "deliveries": len(logs.describe_deliveries()["deliveries"]),
            "log groups far": len(logs.describe_log_groups()["logGroups"]),
            "certificates far": len(far.client("acm").list_certificates()["CertificateSummaryList"]),
        }

    def _of_the_cache(self) -> dict[str, int]:
        caches = self.client("elasticache")
        return {
            "cache nodes": len(caches.describe_cache_clusters()["CacheClusters"]),
            "cache users": len(caches.describe_users()["Users"]),
            "cache user groups": len(caches.describe_user_groups()["UserGroups"]),
            "cache parameter groups": len(caches.describe_cache_parameter_groups()["CacheParameterGroups"]),
            "cache subnet groups": len(caches.describe_cache_subnet_groups()["CacheSubnetGroups"]),
        }
