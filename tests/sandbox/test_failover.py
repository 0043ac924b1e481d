"""A rehearsal: production's region is lost, its standby takes over, and production comes back as the standby's copy."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from sandbox.aws.faults import Fault
from sandbox.session import Sandbox
from tests.support.aws import Aws
from tests.support.project import WHOLE, Project, preview, up

pytestmark = [pytest.mark.exhaustive, pytest.mark.xdist_group("failover")]  # a minute and a half

HERE, THERE = "ap-south-1", "ap-southeast-1"
PRIMARY, COPY = "dhakacart-prod-aps1", "dhakacart-prod-apse1"
SECRET = "dhakacart/prod/database/application_a"


@dataclass
class Rehearsal:
    """What AWS had at each point."""

    project: Project
    waiting: dict[str, Any] = field(default_factory=dict[str, Any])
    promoted: dict[str, Any] = field(default_factory=dict[str, Any])
    planned: dict[str, str] = field(default_factory=dict[str, str])
    regions: list[str] = field(default_factory=list[str])
    secrets: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    told_before: dict[str, Any] = field(default_factory=dict[str, Any])
    told: dict[str, Any] = field(default_factory=dict[str, Any])
    proxy: dict[str, Any] = field(default_factory=dict[str, Any])
    jobs: list[list[str]] = field(default_factory=list[list[str]])
    """In the standby's cluster: while it waits, and once it has taken over."""
    returned: dict[str, Any] = field(default_factory=dict[str, Any])


def instance(region: str, name: str) -> dict[str, Any]:
    return Aws(region).client("rds").describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]


def credentials(region: str) -> dict[str, str]:
    return json.loads(Aws(region).client("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"])


def objects(sandbox: Sandbox, region: str, cluster: str, kind: str) -> list[dict[str, Any]]:
    endpoint = Aws(region).client("eks").describe_cluster(name=cluster)["cluster"]["endpoint"]
    return [one for one in sandbox.kubernetes.objects(endpoint) if one["kind"] == kind]


def told(sandbox: Sandbox, region: str, cluster: str) -> dict[str, Any]:
    secrets = objects(sandbox, region, cluster, "ExternalSecret")
    return next(one["spec"] for one in secrets if one["metadata"]["name"] == "data")


def jobs(sandbox: Sandbox, region: str, cluster: str) -> list[str]:
    """Those of the shop's data."""
    found = (one["metadata"] for one in objects(sandbox, region, cluster, "Job"))
    return [one["name"] for one in found if one["namespace"] == "dhakacart-schema"]


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory) -> Rehearsal:
    it = Rehearsal(Project(tmp_path_factory.mktemp("rehearsal") / "project", WHOLE))
    for stack in ("prod", "prod-dr"):
        it.project.edit(stack, lambda values: values["database"].update(schema_release="v1"))
    with it.project.sandbox() as sandbox:
        up(sandbox, "prod")
        up(sandbox, "prod-dr")
        it.proxy = Aws(HERE).client("rds").describe_db_proxies()["DBProxies"][0]
        it.told_before = told(sandbox, HERE, PRIMARY)
        it.jobs.append(jobs(sandbox, THERE, COPY))
        it.waiting = instance(THERE, COPY)
        it.secrets = [credentials(HERE), credentials(THERE)]
    _fail_over(it)
    _fail_back(it)
    return it


def _fail_over(it: Rehearsal) -> None:
    it.project.edit("prod-dr", lambda values: values.update(role="active"))
    with it.project.sandbox(Fault.parse(f"cut:{HERE}")) as sandbox:
        it.planned = preview(sandbox, "prod-dr")
        up(sandbox, "prod-dr")
        it.regions = sandbox.gateway.regions()
        it.promoted = instance(THERE, COPY)
        it.told = told(sandbox, THERE, COPY)
        it.jobs.append(jobs(sandbox, THERE, COPY))
        assert preview(sandbox, "prod-dr") == {}


def _fail_back(it: Rehearsal) -> None:
    """The runbook's first half: what is left of the old database goes, by hand, and is made anew as a copy."""
    it.project.edit("prod", lambda values: values.update(role="standby"))
    with it.project.sandbox() as sandbox:
        rds = Aws(HERE).client("rds")
        for name, last in ((f"{PRIMARY}-replica-1", {"SkipFinalSnapshot": True}), (PRIMARY, {})):
            rds.modify_db_instance(DBInstanceIdentifier=name, DeletionProtection=False)
            snapshot = last or {"FinalDBSnapshotIdentifier": "before-failing-back"}
            rds.delete_db_instance(DBInstanceIdentifier=name, **snapshot)
        sandbox.store.save()
        sandbox.stack("prod").refresh()
        up(sandbox, "prod")
        it.returned = instance(HERE, PRIMARY)
        assert preview(sandbox, "prod") == {}


def test_the_standby_holds_a_copy_under_a_key_of_its_own_region_and_keeps_backups_of_it(rehearsal):
    copy = rehearsal.waiting
    assert copy["ReadReplicaSourceDBInstanceIdentifier"] == f"arn:aws:rds:{HERE}:123456789012:db:{PRIMARY}"
    assert copy["KmsKeyId"].split(":")[3] == THERE
    assert copy["MultiAZ"]
    assert copy["BackupRetentionPeriod"] == 30
    assert copy["DeletionProtection"]
    assert copy["DBParameterGroups"][0]["DBParameterGroupName"].startswith("database-parameters-")


def test_taking_over_promotes_the_same_instance(rehearsal):
    assert rehearsal.planned["database-primary"] == "update"
    assert not set(rehearsal.planned.values()) & {"replace", "create-replacement", "delete-replaced"}
    deleted = {name for name, step in rehearsal.planned.items() if step == "delete"}
    assert deleted == {"database-alarms-primary-PostgresReplicaLag"}, "it follows nobody any more"
    for member in ("DBInstanceArn", "DbiResourceId", "Endpoint", "KmsKeyId", "DBName", "MasterUsername"):
        assert rehearsal.promoted[member] == rehearsal.waiting[member], member
    assert "ReadReplicaSourceDBInstanceIdentifier" not in rehearsal.promoted
    assert rehearsal.promoted["BackupRetentionPeriod"] == 30
    assert rehearsal.promoted["MultiAZ"]


def test_taking_over_asks_nothing_of_the_region_that_is_lost(rehearsal):
    assert rehearsal.regions == [THERE]


def test_the_application_logs_in_there_as_it_did_here(rehearsal):
    here, there = rehearsal.secrets
    assert here == there
    assert SECRET in {one["remoteRef"]["key"] for one in rehearsal.told["data"]}


def test_the_application_is_told_the_promoted_database_s_address(rehearsal):
    told = rehearsal.told["target"]["template"]["data"]
    address = rehearsal.promoted["Endpoint"]["Address"]
    assert (told["DB_HOST"], told["DB_READ_HOST"]) == (address, address)
    assert THERE in address


def test_production_is_reached_through_its_proxy_and_over_tls_alone(rehearsal):
    assert rehearsal.told_before["target"]["template"]["data"]["DB_HOST"] == rehearsal.proxy["Endpoint"]
    assert rehearsal.proxy["RequireTLS"]
    assert {one["IAMAuth"] for one in rehearsal.proxy["Auth"]} == {"DISABLED"}


def test_the_schema_is_readied_where_the_data_can_be_written(rehearsal):
    assert rehearsal.jobs == [[], ["schema"]]


def test_the_old_primary_comes_back_as_a_copy_of_the_new_one(rehearsal):
    source = rehearsal.returned["ReadReplicaSourceDBInstanceIdentifier"]
    assert source == f"arn:aws:rds:{THERE}:123456789012:db:{COPY}"
    assert rehearsal.returned["KmsKeyId"].split(":")[3] == HERE


def test_a_database_with_data_of_its_own_is_not_made_a_copy_by_a_change_of_its_role(tmp_path):
    project = Project(tmp_path / "project", WHOLE)
    with project.sandbox() as sandbox:
        up(sandbox, "prod")
        project.edit("prod", lambda values: values.update(role="standby"))
        with pytest.raises(Exception, match=r"docs/runbooks/failover\.md"):
            preview(sandbox, "prod")
