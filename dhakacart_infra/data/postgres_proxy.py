"""RDS Proxy: one endpoint that outlives a fail-over, and connections that pods share, over TLS alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from dhakacart_infra.config import DatabaseConfig
from dhakacart_infra.data.postgres import PORT, Postgres
from dhakacart_infra.data.postgres_observation import proxy_log_group, proxy_name
from dhakacart_infra.foundation.alarms import Alarm, AlarmTopic, Metric
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.credentials import Credentials
from dhakacart_infra.foundation.iam import allow, document
from dhakacart_infra.foundation.port import Port, PortArgs

IDLE_CLIENT_SECONDS = 1800
SLOW_SECONDS = 1
"""For a connection: a tenth of what a request waits at most, and there is one at once as long as the pool has some."""
BORROW_SECONDS = 10  # AWS lets a request wait two minutes; a customer has gone by then


@dataclass(frozen=True, kw_only=True)
class PostgresProxyArgs:
    config: DatabaseConfig
    vpc_id: pulumi.Output[str]
    subnet_ids: Sequence[pulumi.Output[str]]
    """Of zones that never change: in others it would be another proxy."""
    database: Postgres
    users: Sequence[Credentials]
    """Those it lets through."""
    alarms: AlarmTopic


class PostgresProxy(Component, token="dhakacart:data:PostgresProxy"):
    """``address`` is the database's, for those of ``users`` alone. ``port`` lets in whom it is told to."""

    address: pulumi.Output[str]
    port: Port

    def build(self, args: PostgresProxyArgs) -> None:
        name = proxy_name(self.naming)
        self.port = self._ports(args)
        proxy = aws.rds.Proxy(
            self.child_name("proxy"),
            name=name,
            engine_family="POSTGRESQL",
            require_tls=True,
            idle_client_timeout=IDLE_CLIENT_SECONDS,
            debug_logging=False,  # statements, with what is in them
            role_arn=self._role(args.users),
            vpc_subnet_ids=list(args.subnet_ids),
            vpc_security_group_ids=[self.port.security_group_id],
            auths=[
                aws.rds.ProxyAuthArgs(
                    auth_scheme="SECRETS",
                    client_password_auth_type="POSTGRES_SCRAM_SHA_256",  # noqa: S106 - how, not what
                    iam_auth="DISABLED",
                    secret_arn=user.secret_arn,
                )
                for user in args.users
            ],
            # RDS would make the log group itself, without a key, for ever.
            opts=self.child(depends_on=[self._log_group(name, args)]),
        )
        group = aws.rds.ProxyDefaultTargetGroup(
            self.child_name("connections"),
            db_proxy_name=proxy.name,
            connection_pool_config=aws.rds.ProxyDefaultTargetGroupConnectionPoolConfigArgs(
                max_connections_percent=args.config.proxy_percent,
                max_idle_connections_percent=args.config.proxy_percent // 2,
                connection_borrow_timeout=BORROW_SECONDS,
            ),
            opts=self.child(),
        )
        target = aws.rds.ProxyTarget(
            self.child_name("target"),
            db_proxy_name=proxy.name,
            target_group_name=group.name,
            db_instance_identifier=args.database.identifier,
            opts=self.child(),
        )
        for alarm in _alarms(proxy.name):
            args.alarms.watch(self, alarm)
        # Nobody is sent here before there is something behind it.
        self.address = pulumi.Output.all(proxy.endpoint, target.id).apply(lambda known: known[0])

    def _ports(self, args: PostgresProxyArgs) -> Port:
        """In from whoever is let in, out to the database alone."""
        port = Port(
            self.child_name("port"), PortArgs(vpc_id=args.vpc_id, number=PORT, serves="PostgreSQL proxy"), self.child()
        )
        aws.vpc.SecurityGroupEgressRule(
            self.child_name("to-database"),
            security_group_id=port.security_group_id,
            referenced_security_group_id=args.database.port.security_group_id,
            ip_protocol="tcp",
            from_port=PORT,
            to_port=PORT,
            description="PostgreSQL",
            opts=self.child(),
        )
        args.database.port.allow_from("proxy", port.security_group_id)
        return port

    def _role(self, users: Sequence[Credentials]) -> pulumi.Output[str]:
        """Reads the users' secrets; the secrets' key lets whoever may read them use it. RDS says for no proxy on whose
        behalf it takes the role (RDS guide, "Setting up AWS IAM permissions for RDS Proxy"): there is no condition."""
        role = aws.iam.Role(
            self.child_name("role"),
            description="Lets RDS Proxy read the passwords of those it lets through",
            assume_role_policy=document(
                {"Effect": "Allow", "Principal": {"Service": "rds.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ),
            opts=self.child(),
        )
        arns = pulumi.Output.all(*(user.secret_arn for user in users))
        reading = aws.iam.RolePolicy(
            self.child_name("reading"),
            role=role.id,
            policy=arns.apply(lambda known: document(allow(["secretsmanager:GetSecretValue"], known))),
            opts=self.child(),
        )
        return pulumi.Output.all(role.arn, reading.id).apply(lambda known: known[0])

    def _log_group(self, name: str, args: PostgresProxyArgs) -> aws.cloudwatch.LogGroup:
        """Unprotected: it goes with the proxy when the stack becomes a standby."""
        return aws.cloudwatch.LogGroup(
            self.child_name("log"),
            name=proxy_log_group(name),
            retention_in_days=args.config.log_retention_days,
            kms_key_id=args.database.log_key_arn,
            opts=self.child(),
        )


def _alarms(proxy: pulumi.Output[str]) -> Iterator[Alarm]:
    yield Alarm(
        kind="PostgresProxySlow",
        severity="critical",
        means=f"Requests wait for more than {SLOW_SECONDS} s for one of the proxy's connections: it has none left.",
        watches=Metric(
            namespace="AWS/RDS",
            name="DatabaseConnectionsBorrowLatency",
            statistic="Average",
            dimensions={"ProxyName": proxy},
        ),
        is_="GreaterThanThreshold",
        threshold=SLOW_SECONDS * 1_000_000,  # microseconds
        periods=5,
        of_them=3,
        missing="notBreaching",
    )
    yield Alarm(
        kind="PostgresProxyRefused",
        severity="critical",
        means="The proxy gets no connections to the database, for longer than a fail-over takes.",
        watches=Metric(
            namespace="AWS/RDS",
            name="DatabaseConnectionsSetupFailed",
            statistic="Sum",
            dimensions={"ProxyName": proxy},
        ),
        is_="GreaterThanThreshold",
        threshold=0,
        periods=5,
        missing="notBreaching",
    )
