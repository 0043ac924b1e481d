"""What simulated AWS remembers: everything moto keeps, or an error that says what to do."""

import threading

import boto3
import pytest
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends

from sandbox.aws.store import Store

CALLS = {
    "ec2": lambda client: client.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"],
    "iam": lambda client: client.create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["RoleName"],
    "kms": lambda client: client.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"],
    "logs": lambda client: client.create_log_group(logGroupName="g") and "g",
    "sqs": lambda client: client.create_queue(QueueName="q")["QueueUrl"],
}
FOUND = {
    "ec2": lambda client: [vpc["VpcId"] for vpc in client.describe_vpcs()["Vpcs"]],
    "iam": lambda client: [role["RoleName"] for role in client.list_roles()["Roles"]],
    "kms": lambda client: [key["KeyId"] for key in client.list_keys()["Keys"]],
    "logs": lambda client: [group["logGroupName"] for group in client.describe_log_groups()["logGroups"]],
    "sqs": lambda client: client.list_queues()["QueueUrls"],
}


@pytest.fixture
def store(tmp_path, monkeypatch):
    with mock_aws():
        yield Store(tmp_path / "aws.pickle", threading.RLock())


@pytest.mark.parametrize("service", CALLS)
def test_what_was_made_is_there_after_a_new_start(store, service):
    client = boto3.client(service, region_name="ap-south-1")
    made = CALLS[service](client)
    store.record("urn:pulumi:staging::p::t::n", made)
    store.save()
    again = Store(store.path, threading.RLock())
    again.load()
    assert made in FOUND[service](client)
    assert again.made("staging") == {"urn:pulumi:staging::p::t::n": made}


def test_a_new_start_without_a_file_is_an_empty_aws(store):
    client = boto3.client("sqs", region_name="ap-south-1")
    client.create_queue(QueueName="q")
    store.load()
    assert "QueueUrls" not in client.list_queues()


def test_a_stack_is_told_only_its_own(store):
    store.record("urn:pulumi:staging::p::t::n", "one")
    store.record("urn:pulumi:prod::p::t::n", "two")
    assert store.made("prod") == {"urn:pulumi:prod::p::t::n": "two"}


def test_a_replaced_resource_is_not_forgotten_with_the_one_it_replaces(store):
    store.record("urn:pulumi:staging::p::t::n", "old")
    store.record("urn:pulumi:staging::p::t::n", "new")
    store.forget("urn:pulumi:staging::p::t::n", "old")
    assert store.made() == {"urn:pulumi:staging::p::t::n": "new"}


def test_what_a_renamed_stack_deletes_is_forgotten_under_its_old_name(store):
    store.record("urn:pulumi:staging::p::t::n", "one")
    store.record("urn:pulumi:staging::p::t::other", "one")
    store.forget("urn:pulumi:qa::renamed::t::n", "one")
    assert store.made() == {"urn:pulumi:staging::p::t::other": "one"}


def test_saves_that_wait_together_are_one_write(store, monkeypatch):
    written = []
    monkeypatch.setattr("sandbox.aws.moto_state.dump", lambda: written.append(1) or b"x")
    threads = [threading.Thread(target=store.save) for _ in range(20)]
    with store._file_lock:
        for thread in threads:
            thread.start()
        while store._changes < len(threads):
            pass
    for thread in threads:
        thread.join()
    assert len(written) < len(threads)


def test_whoever_need_not_outlive_a_kill_writes_once_at_the_end(store):
    store = Store(store.path, store.lock, write_through=False)
    store.record("urn:pulumi:staging::p::t::n", "id")
    store.save()
    assert not store.path.exists()
    store.flush()
    written = store.path.stat().st_ino
    store.flush()
    assert store.path.stat().st_ino == written, "there was nothing new to write"
    again = Store(store.path, store.lock)
    again.load()
    assert again.made() == {"urn:pulumi:staging::p::t::n": "id"}


def test_notes_are_saved_without_waking_what_aws_holds(store):
    client = boto3.client("sqs", region_name="ap-south-1")
    client.create_queue(QueueName="kept")
    store.save()
    asleep = Store(store.path, threading.RLock())
    asleep.read()
    client.create_queue(QueueName="never-saved")
    asleep.section("kubernetes")["object"] = "noted"
    asleep.save()
    again = Store(store.path, threading.RLock())
    again.load()
    assert again.section("kubernetes") == {"object": "noted"}
    assert [url.rpartition("/")[2] for url in client.list_queues()["QueueUrls"]] == ["kept"]


def test_the_addresses_that_a_subnet_reserves_stay_reserved(store):
    client = boto3.client("ec2", region_name="ap-south-1")
    vpc = client.create_vpc(CidrBlock="100.64.0.0/16")["Vpc"]["VpcId"]
    subnet = client.create_subnet(VpcId=vpc, CidrBlock="100.64.0.0/18")["Subnet"]["SubnetId"]
    client.create_subnet_cidr_reservation(SubnetId=subnet, Cidr="100.64.32.0/19", ReservationType="prefix")
    before = vars(ec2_backends[DEFAULT_ACCOUNT_ID]["ap-south-1"].get_subnet(subnet))["_reserved_ips"]
    store.save()
    store.load()
    after = vars(ec2_backends[DEFAULT_ACCOUNT_ID]["ap-south-1"].get_subnet(subnet))["_reserved_ips"]
    assert after == before
    assert len(after) == 2**13
    reservations = client.get_subnet_cidr_reservations(SubnetId=subnet)["SubnetIpv4CidrReservations"]
    assert [one["Cidr"] for one in reservations] == ["100.64.32.0/19"]


def test_what_one_stack_forgets_another_may_still_have_by_the_same_name(store):
    ours, theirs = (
        f"urn:pulumi:{stack}::shop::aws:ecr/repository:Repository::backend" for stack in ("prod", "prod-dr")
    )
    store.record(ours, "shop/backend")
    store.record(theirs, "shop/backend")
    store.forget(theirs, "shop/backend")
    assert store.made() == {ours: "shop/backend"}
