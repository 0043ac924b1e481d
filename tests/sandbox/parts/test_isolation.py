"""What a run sees of the user's environment."""

import os
import pwd

import pytest

from sandbox.engine import cache_folder
from sandbox.errors import SandboxError
from sandbox.isolation import isolated


def test_settings_of_aws_and_pulumi_are_gone_in_a_run_and_back_after_it(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("PULUMI_STACK", "someone-elses")
    with isolated():
        assert not {"AWS_PROFILE", "PULUMI_STACK"} & os.environ.keys()
    assert os.environ["AWS_PROFILE"] == "mine"
    assert "AWS_CONFIG_FILE" not in os.environ


@pytest.mark.parametrize("own", ["", "intranet.example.com"])
def test_no_proxy_is_asked_for_this_machine_and_the_users_own_exceptions_stay(monkeypatch, own):
    monkeypatch.setenv("no_proxy", own)
    monkeypatch.setenv("https_proxy", "http://proxy.example.com")
    with isolated():
        inside = dict(os.environ)
    assert "127.0.0.1" in inside["no_proxy"].split(",")
    assert "127.0.0.1" in inside["no_grpc_proxy"].split(",")
    assert not own or own in inside["no_proxy"].split(",")
    assert inside["https_proxy"] == "http://proxy.example.com", "Go may need it to fetch modules"


def test_a_user_without_a_home_directory_is_told_where_else_pulumi_can_be_kept(monkeypatch):
    def unknown(uid):
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.delenv("HOME")
    with pytest.raises(SandboxError, match="no home directory") as refusal:
        cache_folder({})
    assert "XDG_CACHE_HOME" in refusal.value.remedy
    assert str(cache_folder({"XDG_CACHE_HOME": "/var/cache/shop"})) == "/var/cache/shop/dhakacart-infra"
