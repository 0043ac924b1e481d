"""What resources of a test lean on, made in the simulated AWS when first asked for."""

from functools import cache, cached_property
from typing import Any

from sandbox.aws import moto_calls
from sandbox.aws.services import teach_moto
from tests.support.alarm_world import AlarmWorld
from tests.support.domain_world import DomainWorld

REGION = "ap-south-1"
PEER = "ap-southeast-1"


class World(AlarmWorld, DomainWorld):
    """Ids of things that nobody's program made."""

    zone = f"{REGION}a"

    def client(self, service: str, region: str = REGION) -> Any:
        return _client(service, region)

    @cached_property
    def ec2(self) -> Any:
        return self.client("ec2")

    @cached_property
    def vpc(self) -> str:
        return self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    @cached_property
    def other_vpc(self) -> str:
        return self.ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]

    @cached_property
    def subnet(self) -> str:
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.0.1.0/24", AvailabilityZone=self.zone)
        return made["Subnet"]["SubnetId"]

    @cached_property
    def other_subnet(self) -> str:
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.0.2.0/24", AvailabilityZone=self.zone)
        return made["Subnet"]["SubnetId"]

    @cached_property
    def table(self) -> str:
        return self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]

    @cached_property
    def other_table(self) -> str:
        return self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]

    @cached_property
    def internet(self) -> str:
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        return gateway

    @cached_property
    def address(self) -> str:
        return self.ec2.allocate_address(Domain="vpc")["AllocationId"]

    @cached_property
    def nat(self) -> str:
        gateway = self.ec2.create_nat_gateway(SubnetId=self.subnet, AllocationId=self.address)
        return gateway["NatGateway"]["NatGatewayId"]

    @cached_property
    def interface(self) -> str:
        return self.ec2.create_network_interface(SubnetId=self.subnet)["NetworkInterface"]["NetworkInterfaceId"]

    @cached_property
    def transit(self) -> str:
        return self.ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]

    @cached_property
    def peering(self) -> str:
        peering = self.ec2.create_vpc_peering_connection(VpcId=self.vpc, PeerVpcId=self.other_vpc)
        return peering["VpcPeeringConnection"]["VpcPeeringConnectionId"]

    @cached_property
    def egress_only(self) -> str:
        gateway = self.ec2.create_egress_only_internet_gateway(VpcId=self.vpc)
        return gateway["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]

    @cached_property
    def prefix_list(self) -> str:
        listed = self.ec2.create_managed_prefix_list(PrefixListName="cdn", MaxEntries=5, AddressFamily="IPv4")
        return listed["PrefixList"]["PrefixListId"]

    @cached_property
    def group(self) -> str:
        return self.ec2.create_security_group(GroupName="one", Description="one", VpcId=self.vpc)["GroupId"]

    @cached_property
    def other_group(self) -> str:
        return self.ec2.create_security_group(GroupName="two", Description="two", VpcId=self.vpc)["GroupId"]

    @cached_property
    def log_group(self) -> str:
        self.client("logs").create_log_group(logGroupName="flows")
        return self.client("logs").describe_log_groups()["logGroups"][0]["arn"]

    @cached_property
    def role(self) -> str:
        return self.client("iam").create_role(RoleName="reader", AssumeRolePolicyDocument="{}")["Role"]["Arn"]

    @property
    def role_name(self) -> str:
        return self.role.split("/")[1]

    @cached_property
    def managed_policy(self) -> str:
        return self._policy("read")

    @cached_property
    def other_managed_policy(self) -> str:
        return self._policy("write")

    @cached_property
    def key_arn(self) -> str:
        return self.client("kms").create_key()["KeyMetadata"]["Arn"]

    @property
    def key(self) -> str:
        return self.key_arn.split("/")[1]

    @cached_property
    def other_key(self) -> str:
        return self.client("kms").create_key()["KeyMetadata"]["KeyId"]

    @cached_property
    def foreign_key(self) -> str:
        """In the peer's region, and made to be copied."""
        return self.client("kms", PEER).create_key(MultiRegion=True)["KeyMetadata"]["Arn"]

    @cached_property
    def other_foreign_key(self) -> str:
        return self.client("kms", PEER).create_key()["KeyMetadata"]["Arn"]

    @cached_property
    def db_subnets(self) -> str:
        subnets = [self.subnet, self.far_subnet]
        name = {"DBSubnetGroupName": "database", "DBSubnetGroupDescription": "database"}
        self.client("rds").create_db_subnet_group(**name, SubnetIds=subnets)
        return "database"

    @cached_property
    def db_parameters(self) -> str:
        return self._db_parameters("shop")

    @cached_property
    def other_db_parameters(self) -> str:
        return self._db_parameters("other")

    @cached_property
    def database(self) -> str:
        made = self.client("rds").create_db_instance(
            DBInstanceIdentifier="primary",
            DBInstanceClass="db.t4g.medium",
            Engine="postgres",
            EngineVersion="15",
            AllocatedStorage=20,
            MasterUsername="owner",
            MasterUserPassword="open-sesame",
            DBSubnetGroupName=self.db_subnets,
            VpcSecurityGroupIds=[self.group],
            BackupRetentionPeriod=7,
        )
        return made["DBInstance"]["DBInstanceIdentifier"]

    @cached_property
    def proxy(self) -> str:
        made = self.client("rds").create_db_proxy(
            DBProxyName="pool",
            EngineFamily="POSTGRESQL",
            Auth=[{"AuthScheme": "SECRETS", "SecretArn": self.secret}],
            RoleArn=self.role,
            VpcSubnetIds=[self.subnet, self.far_subnet],
        )
        return made["DBProxy"]["DBProxyName"]

    @cached_property
    def secret(self) -> str:
        return self.client("secretsmanager").create_secret(Name="shop/redis")["ARN"]

    @cached_property
    def other_role_name(self) -> str:
        return self._role("other")

    @cached_property
    def repository(self) -> str:
        return self.client("ecr").create_repository(repositoryName="shop/backend")["repository"]["repositoryName"]

    @cached_property
    def docker_secret(self) -> str:
        return self.client("secretsmanager").create_secret(Name="ecr-pullthroughcache/hub", SecretString="{}")["ARN"]

    @cached_property
    def other_docker_secret(self) -> str:
        return self.client("secretsmanager").create_secret(Name="ecr-pullthroughcache/new", SecretString="{}")["ARN"]

    @cached_property
    def queue(self) -> str:
        return self.client("sqs").create_queue(QueueName="interruptions")["QueueUrl"]

    @cached_property
    def queue_arn(self) -> str:
        return self._queue_arn(self.queue)

    @cached_property
    def other_queue_arn(self) -> str:
        return self._queue_arn(self.client("sqs").create_queue(QueueName="letters")["QueueUrl"])

    @cached_property
    def event_rule(self) -> str:
        self.client("events").put_rule(Name="spot-interruption", EventPattern='{"source": ["aws.ec2"]}')
        return "spot-interruption"

    @property
    def account(self) -> str:
        return self.client("sts").get_caller_identity()["Account"]

    @cached_property
    def bucket(self) -> str:
        return self._bucket("shop")

    @cached_property
    def other_bucket(self) -> str:
        return self._bucket("copies")

    @cached_property
    def far_subnet(self) -> str:
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.0.3.0/24", AvailabilityZone=f"{REGION}b")
        return made["Subnet"]["SubnetId"]

    @property
    def other_role(self) -> str:
        return self.client("iam").get_role(RoleName=self.other_role_name)["Role"]["Arn"]

    @cached_property
    def cluster(self) -> str:
        """Ready for nodes and access entries."""
        network = {"subnetIds": [self.subnet, self.far_subnet]}
        made = self.client("eks").create_cluster(
            name="dhaka",
            version="1.35",
            roleArn=self.role,
            resourcesVpcConfig=network,
            accessConfig={"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
        )
        return made["cluster"]["name"]

    @cached_property
    def principal(self) -> str:
        self.client("eks").create_access_entry(clusterName=self.cluster, principalArn=self.other_role)
        return self.other_role

    @cached_property
    def launch_template(self) -> str:
        made = self.ec2.create_launch_template(LaunchTemplateName="nodes", LaunchTemplateData={"EbsOptimized": True})
        it = made["LaunchTemplate"]["LaunchTemplateId"]
        self.ec2.create_launch_template_version(LaunchTemplateId=it, LaunchTemplateData={"EbsOptimized": False})
        return it

    def _db_parameters(self, name: str) -> str:
        group = {"DBParameterGroupName": name, "DBParameterGroupFamily": "postgres15", "Description": name}
        return self.client("rds").create_db_parameter_group(**group)["DBParameterGroup"]["DBParameterGroupName"]

    def _bucket(self, name: str) -> str:
        """Versioned, with the account in its name: no two tests' are the same."""
        s3, bucket = self.client("s3"), f"{name}-{self.account}"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        return bucket

    @cached_property
    def cache_subnets(self) -> str:
        subnets = [self.subnet, self.far_subnet]
        self.client("elasticache").create_cache_subnet_group(
            CacheSubnetGroupName="shop", CacheSubnetGroupDescription="shop", SubnetIds=subnets
        )
        return "shop"

    @cached_property
    def cache_parameters(self) -> str:
        return self._cache_parameters("one")

    @cached_property
    def other_cache_parameters(self) -> str:
        return self._cache_parameters("two")

    @cached_property
    def cache_user(self) -> str:
        return self._cache_user("backend")

    @cached_property
    def default_cache_user(self) -> str:
        return self._cache_user("default")

    @cached_property
    def cache_users(self) -> str:
        return self._cache_users("one")

    @cached_property
    def other_cache_users(self) -> str:
        return self._cache_users("two")

    @cached_property
    def cache_logs(self) -> str:
        self.client("logs").create_log_group(logGroupName="/shop/redis")
        return "/shop/redis"

    def _cache_parameters(self, name: str) -> str:
        """For a cluster of Valkey 9."""
        caches = self.client("elasticache")
        caches.create_cache_parameter_group(
            CacheParameterGroupName=name, CacheParameterGroupFamily="valkey9", Description=name
        )
        clustered = {"ParameterName": "cluster-enabled", "ParameterValue": "yes"}
        caches.modify_cache_parameter_group(CacheParameterGroupName=name, ParameterNameValues=[clustered])
        return name

    def _cache_user(self, name: str) -> str:
        made = self.client("elasticache").create_user(
            UserId=f"{name}-id",
            UserName=name,
            Engine="valkey",
            AccessString="on ~* +@all",
            Passwords=["a-password-of-twenty"],
        )
        return made["UserId"]

    def _cache_users(self, name: str) -> str:
        made = self.client("elasticache").create_user_group(
            UserGroupId=name, Engine="valkey", UserIds=[self.cache_user]
        )
        return made["UserGroupId"]

    def _queue_arn(self, url: str) -> str:
        asked = self.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return asked["Attributes"]["QueueArn"]

    def _role(self, name: str) -> str:
        return self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["RoleName"]

    def _policy(self, name: str) -> str:
        document = '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}'
        return self.client("iam").create_policy(PolicyName=name, PolicyDocument=document)["Policy"]["Arn"]


@cache
def _client(service: str, region: str) -> Any:
    """Reading a service's model takes longer than a test."""
    teach_moto()  # or what is made here first would be in moto's own record, which nobody reads afterwards
    return moto_calls.client(region, service)
