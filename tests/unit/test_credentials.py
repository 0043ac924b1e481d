"""Credentials on mocks: one password, one secret, and a copy where the peer is."""

import json
from dataclasses import dataclass
from functools import cache

import pytest
from pulumi.runtime import rpc

from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.component import Component, Scope
from dhakacart_infra.foundation.credentials import Credentials, CredentialsArgs, SecretsKey, SecretsKeyArgs
from dhakacart_infra.foundation.naming import Naming
from tests.support.recorder import Recorder, record

NAMING = Naming(project="shop", environment="prod", region="ap-south-1", account_id="123456789012")
PEER = "ap-southeast-1"
KEY, COPY = "aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey"
SECRET, VALUE = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"
PASSWORD = "random:index/randomPassword:RandomPassword"


@dataclass(frozen=True, kw_only=True)
class ShellArgs:
    scope: Scope
    peer: str | None
    copied: bool


class Shell(Component, token="test:index:Shell"):
    credentials: Credentials

    def build(self, args: ShellArgs) -> None:
        key = SecretsKey("secrets", SecretsKeyArgs(peer_region=args.peer), self.child())
        asked = CredentialsArgs(secret_name="shop/prod/app", username="app", key=key, copied=args.copied)
        self.credentials = Credentials("app", asked, self.child())


@cache
def made(*, peer: str | None = PEER, copied: bool = True, protected: bool = True) -> Recorder:
    scope = Scope(naming=NAMING, artifacts=Artifacts.of(NAMING), launch_tags={}, protect_data=protected)
    return record(lambda: Shell("shell", ShellArgs(scope=scope, peer=peer, copied=copied)))


def users(policy: str) -> list[dict]:
    """The statements that let others than the account itself use a key."""
    return json.loads(policy)["Statement"][1:]


def test_the_secret_holds_the_name_and_the_password_that_was_made_for_it():
    recorder = made()
    value = recorder.of(VALUE)["app-value"]["secretString"]
    assert value[rpc._special_sig_key] == rpc._special_secret_sig, "the state would show it"
    assert json.loads(value["value"]) == {"username": "app", "password": "made-for-app-password"}
    assert recorder.of(SECRET)["app-secret"]["name"] == "shop/prod/app"


def test_a_password_needs_no_escape_in_a_url_and_cannot_be_guessed():
    password = made().of(PASSWORD)["app-password"]
    assert password["special"] is False
    assert password["length"] >= 32


def test_the_secret_is_there_under_a_key_of_that_region_when_this_one_is_lost():
    recorder = made()
    copy = recorder.of(COPY)["secrets-copy"]
    assert copy["region"] == PEER
    assert recorder.of(SECRET)["app-secret"]["replicas"] == [{"region": PEER, "kmsKeyId": "arn:of:secrets-copy"}]
    assert recorder.of(KEY)["secrets-key-key"]["multiRegion"] is True
    assert users(copy["policy"]) == users(recorder.of(KEY)["secrets-key-key"]["policy"])


@pytest.mark.parametrize("case", [{"peer": None}, {"copied": False}])
def test_a_secret_that_is_not_to_be_copied_stays_where_it_is(case):
    assert "replicas" not in made(**case).of(SECRET)["app-secret"]


def test_a_key_can_be_copied_one_day_even_where_there_is_no_peer_yet():
    recorder = made(peer=None)
    assert recorder.of(KEY)["secrets-key-key"]["multiRegion"] is True
    assert recorder.of(COPY) == {}


def test_the_key_is_used_through_secrets_manager_alone_in_either_region():
    (use,) = users(made().of(KEY)["secrets-key-key"]["policy"])
    conditions = use["Condition"]["StringEquals"]
    assert conditions["kms:ViaService"] == [f"secretsmanager.{one}.amazonaws.com" for one in ("ap-south-1", PEER)]
    assert conditions["kms:CallerAccount"] == NAMING.account_id


@pytest.mark.parametrize(("protected", "days"), [(True, 30), (False, 0)])
def test_a_deleted_secret_can_be_called_back_in_production_and_frees_its_name_elsewhere(protected, days):
    assert made(protected=protected).of(SECRET)["app-secret"]["recoveryWindowInDays"] == days
