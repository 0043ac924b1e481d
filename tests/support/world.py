"""What resources of a test lean on, made in the simulated AWS when first asked for."""

from functools import cache, cached_property
from typing import Any

from sandbox.aws import moto_calls
from sandbox.aws.services import teach_moto
from tests.support.alarm_world import AlarmWorld
from tests.support.data_world import DataWorld
from tests.support.domain_world import DomainWorld
from tests.support.network_world import REGION, NetworkWorld

PEER = "ap-southeast-1"


class World(NetworkWorld, DataWorld, AlarmWorld, DomainWorld):
    """Ids of things that nobody's program made."""

    def client(self, service: str, region: str = REGION) -> Any:
        return _client(service, region)

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

    def _bucket(self, name: str) -> str:
        """Versioned, with the account in its name: no two tests' are the same."""
        s3, bucket = self.client("s3"), f"{name}-{self.account}"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        return bucket

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
