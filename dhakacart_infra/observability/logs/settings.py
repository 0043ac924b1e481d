"""What Elasticsearch is told once it runs: how long events are kept, and where and when its snapshots go.

ECK has a resource for it, which wants an Enterprise licence. A Job that says it anew whenever it is another does as
well (docs/adr/0031).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_kubernetes as k8s

from dhakacart_infra.config import LoggingConfig
from dhakacart_infra.config.versions import CURL
from dhakacart_infra.foundation.component import Component
from dhakacart_infra.observability.logs.names import (
    ADMIN,
    ADMIN_SECRET,
    CERTIFICATE,
    CERTIFICATE_SECRET,
    HTTP_PORT,
    HTTP_SERVICE,
    NAMESPACE,
    SETTINGS,
)
from dhakacart_infra.workloads.pod import LABEL, container_security, from_secret, pod_security

LIFECYCLE = "container-logs"
REPOSITORY, SNAPSHOTS = "backups", "nightly"
ROLLOVER = {"max_age": "1d", "max_primary_shard_size": "25gb"}
NIGHTLY = "0 30 19 * * ?"  # UTC: half past one in Dhaka
FEWEST_SNAPSHOTS = 3  # kept however old: when no new one comes, the last are not thrown away
RETRIES, DEADLINE_SECONDS, PATIENCE = 3, 1800, "35m"
UNPRIVILEGED_UID = 65532
MEMORY = "32Mi"
CERTIFICATES = "/certificates"
SCRIPT = f"""
set -eu
call() {{
  printf 'user = "{ADMIN}:%s"' "$PASSWORD" | curl --config - --cacert {CERTIFICATES}/{CERTIFICATE} \\
    --silent --show-error --fail-with-body --max-time 120 --header 'Content-Type: application/json' "$@"
}}
until call "$ELASTICSEARCH/_cluster/health?wait_for_status=yellow&timeout=60s"; do sleep 5; done
call --request PUT --data "$LIFECYCLE" "$ELASTICSEARCH/_ilm/policy/{LIFECYCLE}"
call --request PUT --data "$REPOSITORY" "$ELASTICSEARCH/_snapshot/{REPOSITORY}"
call --request PUT --data "$SNAPSHOTS" "$ELASTICSEARCH/_slm/policy/{SNAPSHOTS}"
"""
"""The password is no argument, which others on the node could read. A repository that cannot be written is refused."""


@dataclass(frozen=True, kw_only=True)
class SettingsArgs:
    config: LoggingConfig
    bucket: pulumi.Output[str]
    folder: str
    """Of the bucket, below which nobody else writes."""
    ready: Sequence[pulumi.Resource]


class Settings(Component, token="dhakacart:observability:LogSettings"):
    """Its Job is made anew whenever it has something else to say."""

    def build(self, args: SettingsArgs) -> None:
        k8s.batch.v1.Job(
            self.child_name("job"),
            metadata=k8s.meta.v1.ObjectMetaArgs(
                name=SETTINGS,
                namespace=NAMESPACE,
                # One that has failed is begun again by the next `up`, where Pulumi would wait for it for ever.
                annotations={"pulumi.com/replaceUnready": "true"},
            ),
            spec=k8s.batch.v1.JobSpecArgs(
                backoff_limit=RETRIES,
                active_deadline_seconds=DEADLINE_SECONDS,
                template=k8s.core.v1.PodTemplateSpecArgs(
                    metadata=k8s.meta.v1.ObjectMetaArgs(labels={LABEL: SETTINGS}), spec=self._pod(args)
                ),
            ),
            opts=pulumi.ResourceOptions.merge(
                self.child(depends_on=args.ready),
                pulumi.ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create=PATIENCE)),
            ),
        )

    def _pod(self, args: SettingsArgs) -> k8s.core.v1.PodSpecArgs:
        said = {
            "LIFECYCLE": json.dumps(lifecycle(args.config)),
            "REPOSITORY": args.bucket.apply(lambda bucket: json.dumps(repository(bucket, args.folder))),
            "SNAPSHOTS": json.dumps(snapshots(args.config)),
            "ELASTICSEARCH": f"https://{HTTP_SERVICE}.{NAMESPACE}.svc:{HTTP_PORT}",
        }
        return k8s.core.v1.PodSpecArgs(
            restart_policy="Never",  # a failed pod is kept, to be looked at
            automount_service_account_token=False,
            enable_service_links=False,
            security_context=pod_security(UNPRIVILEGED_UID),
            containers=[
                k8s.core.v1.ContainerArgs(
                    name=SETTINGS,
                    image=f"{self.artifacts.image(CURL.name)}:{CURL.tag}",
                    command=["sh", "-c", SCRIPT],
                    env=[
                        *(k8s.core.v1.EnvVarArgs(name=name, value=value) for name, value in said.items()),
                        from_secret(ADMIN_SECRET, "PASSWORD", ADMIN),
                    ],
                    # What it said last is in the pod's status, and so in Pulumi's error.
                    termination_message_policy="FallbackToLogsOnError",
                    resources=k8s.core.v1.ResourceRequirementsArgs(
                        requests={"cpu": "10m", "memory": MEMORY}, limits={"memory": MEMORY}
                    ),
                    security_context=container_security(),
                    volume_mounts=[
                        k8s.core.v1.VolumeMountArgs(name="certificates", mount_path=CERTIFICATES, read_only=True)
                    ],
                )
            ],
            volumes=[
                k8s.core.v1.VolumeArgs(
                    name="certificates", secret=k8s.core.v1.SecretVolumeSourceArgs(secret_name=CERTIFICATE_SECRET)
                )
            ],
        )


def lifecycle(config: LoggingConfig) -> dict[str, Any]:
    """A day's index is written, then packed, then deleted: all on the same nodes, which have one kind of disk."""
    hot = {"min_age": "0ms", "actions": {"rollover": ROLLOVER, "set_priority": {"priority": 100}}}
    warm = {"min_age": "1d", "actions": {"forcemerge": {"max_num_segments": 1}, "set_priority": {"priority": 50}}}
    delete: dict[str, Any] = {"min_age": f"{config.retention_days}d", "actions": {"delete": {}}}
    phases = {"hot": hot, "warm": warm, "delete": delete}
    if config.retention_days == 1:
        del phases["warm"]  # it would begin when the index is deleted
    return {"policy": {"phases": phases}}


def repository(bucket: str, folder: str) -> dict[str, Any]:
    """The bucket's own key encrypts: what Elasticsearch could ask for here is S3's."""
    return {"type": "s3", "settings": {"bucket": bucket, "base_path": folder}}


def snapshots(config: LoggingConfig) -> dict[str, Any]:
    return {
        "schedule": NIGHTLY,
        "name": "<nightly-{now/d}>",
        "repository": REPOSITORY,
        # With what Kibana and the lifecycles have in their own indices.
        "config": {"indices": ["filebeat-*"], "include_global_state": True},
        "retention": {"expire_after": f"{config.snapshot_retention_days}d", "min_count": FEWEST_SNAPSHOTS},
    }
