"""Reading a stack's configuration, and the files that describe it."""

import contextvars
import json
import subprocess
import sys
from typing import Any

import jsonschema
import pulumi
import pytest
import yaml
from hypothesis import given
from pulumi.runtime import config as engine
from pydantic import ValidationError

from dhakacart_infra.config import ConfigurationError, StackConfig, load, parse
from dhakacart_infra.config.schema import SCHEMA_FILE, rendered, stack_schema
from tests.support.configurations import Raw, as_engine, configurations, put, remove
from tests.support.stacks import PROJECT, STACKS
from tests.support.stacks import raw as read_stack_file


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch):
    for name in ("PULUMI_CONFIG", "PULUMI_CONFIG_SECRET_KEYS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pulumi, "get_stack", lambda: "staging")


def loaded_from_process(monkeypatch: pytest.MonkeyPatch, raw: Raw, secret_keys: list[str]) -> StackConfig:
    """As the engine gives configuration to a program it starts itself."""
    values = {f"dhakacart:{key}": value for key, value in as_engine(raw).items()}
    monkeypatch.setenv("PULUMI_CONFIG", json.dumps(values | {"aws:region": "eu-west-1"}))
    monkeypatch.setenv("PULUMI_CONFIG_SECRET_KEYS", json.dumps([f"dhakacart:{key}" for key in secret_keys]))
    return contextvars.Context().run(load)


def loaded_from_context(_: pytest.MonkeyPatch, raw: Raw, secret_keys: list[str]) -> StackConfig:
    """As the engine gives configuration to an inline program."""
    values = {f"dhakacart:{key}": value for key, value in as_engine(raw).items()}

    def run() -> StackConfig:
        engine.set_all_config(values | {"aws:region": "eu-west-1"}, [f"dhakacart:{key}" for key in secret_keys])
        return load()

    return contextvars.Context().run(run)


either_way = pytest.mark.parametrize("loaded", [loaded_from_process, loaded_from_context])


@either_way
def test_a_stack_file_loads_as_the_engine_hands_it_over(loaded, monkeypatch):
    config = loaded(monkeypatch, read_stack_file("staging"), [])
    assert config.environment == "staging"
    assert config.protect_data is False
    assert config.network.flow_logs.retention_days == 14
    assert str(config.network.plan.app[1]) == "10.0.20.0/24"


@either_way
def test_a_misspelt_top_level_key_is_found(loaded, monkeypatch):
    with pytest.raises(ConfigurationError) as caught:
        loaded(monkeypatch, put(read_stack_file("staging"), "protect_date", True), [])
    assert [problem.key for problem in caught.value.problems] == ["protect_date"]


@either_way
def test_a_secret_is_recognised(loaded, monkeypatch):
    with pytest.raises(ConfigurationError) as caught:
        loaded(monkeypatch, put(read_stack_file("staging"), "owner", "{hunter2}"), ["owner"])
    assert "hunter2" not in str(caught.value)
    assert "dhakacart:owner: [secret]" in str(caught.value)


TOLD = {"domain": {"name": "shop.example", "zone": {"id": "Z1EXAMPLE", "name": "shop.example"}}}


@either_way
def test_the_key_that_load_balancers_know_is_taken_encrypted_alone(loaded, monkeypatch):
    monkeypatch.setattr(pulumi, "get_stack", lambda: "prod-dr")
    raw = {**read_stack_file("prod-dr"), **TOLD, "cdn": {"origin_key": "k" * 40}}
    assert loaded(monkeypatch, raw, ["cdn"]).cdn.origin_key == "k" * 40
    with pytest.raises(ConfigurationError) as caught:
        loaded(monkeypatch, raw, [])
    assert "dhakacart:cdn.origin_key: [secret] is written in plain text." in str(caught.value)
    assert "kkk" not in str(caught.value)


@either_way
def test_the_stack_named_in_a_report_is_the_one_being_deployed(loaded, monkeypatch):
    monkeypatch.setattr(pulumi, "get_stack", lambda: "prod")
    with pytest.raises(ConfigurationError, match=r"^Pulumi\.prod\.yaml: 1 problem; nothing was registered\."):
        loaded(monkeypatch, read_stack_file("staging"), [])


@pytest.mark.parametrize("stack", STACKS)
def test_each_stack_file_is_valid_as_it_stands_and_as_the_engine_gives_it(stack):
    raw = read_stack_file(stack)
    assert parse(raw, stack=stack) == parse(as_engine(raw), stack=stack)


def test_the_two_regions_of_production_know_each_other():
    prod, standby = (parse(read_stack_file(stack), stack=stack) for stack in ("prod", "prod-dr"))
    assert (prod.role, standby.role) == ("active", "standby")
    for one, other, name in ((prod, standby, "prod-dr"), (standby, prod, "prod")):
        assert one.peer is not None
        assert one.peer.stack == name
        theirs = (other.region, other.network.cidr, other.network.pod_cidr)
        assert (one.peer.region, one.peer.cidr, one.peer.pod_cidr) == theirs


def test_the_standby_may_grow_as_far_as_what_it_stands_in_for_and_has_the_same_images():
    prod, standby = (parse(read_stack_file(stack), stack=stack) for stack in ("prod", "prod-dr"))
    assert standby.cluster.node_limits == prod.cluster.node_limits
    assert standby.cluster.architecture == prod.cluster.architecture
    assert standby.registry == prod.registry


def test_staging_may_be_reached_from_anywhere_and_production_from_the_vpc_alone():
    staging = put(read_stack_file("staging"), "cluster.public_access_cidrs", ["0.0.0.0/0"])
    prod = put(read_stack_file("prod"), "cluster.public_access_cidrs", [])
    assert [str(block) for block in parse(staging, stack="staging").cluster.public_access_cidrs] == ["0.0.0.0/0"]
    assert parse(prod, stack="prod").cluster.public_access_cidrs == ()


def test_mirrors_are_optional_each():
    raw = read_stack_file("staging")
    charts, images = "oci://registry.example.com:5000/charts", "registry.example.com/public"
    both = parse(as_engine(put(raw, "mirrors", {"charts": charts, "images": images})), stack="staging").mirrors
    one = parse(as_engine(put(raw, "mirrors", {"charts": charts})), stack="staging").mirrors
    neither = parse(raw, stack="staging").mirrors
    assert (both.charts, both.images) == (charts, images)
    assert (one.charts, one.images) == (charts, None)
    assert (neither.charts, neither.images) == (None, None)


@given(configurations())
def test_generated_valid_configurations_are_accepted_with_listed_and_planned_subnets(generated):
    stack, raw = generated
    config = parse(as_engine(raw), stack=stack)
    plan = config.network.plan
    assert plan.zones == len(config.network.availability_zones)
    assert config.network.app_subnets in (None, plan.app)


def test_what_is_left_out_fits_production():
    raw = read_stack_file("prod")
    for key in ("role", "protect_data", "network.nat_gateways", "network.interface_endpoints", "network.flow_logs"):
        raw = remove(raw, key)
    for key in ("architecture", "system_nodes", "node_limits", "log_retention_days"):
        raw = remove(raw, f"cluster.{key}")
    raw = remove(raw, "registry")
    assert parse(raw, stack="prod") == parse(read_stack_file("prod"), stack="prod")


def test_an_empty_value_is_one_left_out():
    raw = put(put(read_stack_file("staging"), "peer", ""), "network.flow_logs", None)
    config = parse(as_engine(raw), stack="staging")
    assert config.peer is None
    assert config.network.flow_logs.retention_days == 90


def test_a_configuration_cannot_be_changed_once_read():
    config = parse(read_stack_file("staging"), stack="staging")
    with pytest.raises(ValidationError):
        config.network.cidr = config.network.pod_cidr


def test_a_failover_is_a_change_of_role_alone():
    config = parse(put(read_stack_file("prod-dr"), "role", "active"), stack="prod-dr")
    assert config.role == "active"


def stack_file(stack: str) -> dict[str, Any]:
    return yaml.safe_load((PROJECT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8"))


def test_the_schema_is_current():
    text = SCHEMA_FILE.read_text(encoding="utf-8")
    assert text == rendered(), "run: python -m dhakacart_infra.config.schema"


@pytest.mark.parametrize("stack", STACKS)
def test_the_schema_accepts_each_stack_file_and_what_the_engine_adds_to_it(stack):
    jsonschema.validate(stack_file(stack), stack_schema())
    jsonschema.validate({**stack_file(stack), "encryptionsalt": "v1:salt"}, stack_schema())
    told = stack_file(stack)
    told["config"]["dhakacart:cdn"] = {"origin_key": {"secure": "v1:a:b"}}
    jsonschema.validate(told, stack_schema())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dhakacart:regoin", "ap-south-1"),
        ("dhakacart:role", "passive"),
        ("dhakacart:account_id", 123456789012),
        ("dhakacart:network", {}),
        ("dhakacart:region", "Mumbai"),
        ("dhakacart:cdn", {"origin_key": "k" * 40}),
        ("dhakacart:services", {"Search": {"port": 8080}}),
        ("dhakacart:services", {"search": {"port": 8080, "variables": {"level": "info"}}}),
    ],
)
def test_the_schema_refuses_what_is_not_in_the_model(key, value):
    file = stack_file("staging")
    file["config"][key] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(file, stack_schema())


@pytest.mark.parametrize("stack", STACKS)
def test_each_stack_file_names_the_schema_and_disables_default_providers(stack):
    first = (PROJECT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema=./{SCHEMA_FILE.relative_to(PROJECT).as_posix()}"
    assert stack_file(stack)["config"]["pulumi:disable-default-providers"] == ["*"]


def test_the_project_declares_every_key_with_its_meaning_and_leaves_the_checks_to_the_program():
    project = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8"))
    assert project["name"] == "dhakacart"
    assert project["runtime"]["name"] == "python"
    assert project["config"] == {
        f"dhakacart:{name}": {"description": field.description, "default": ""}
        for name, field in StackConfig.model_fields.items()
    }


def test_pulumi_needs_nothing_on_path_but_itself_to_run_the_program():
    options = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8"))["runtime"]["options"]
    assert (PROJECT / "uv.lock").exists(), "without it, pulumi takes pip by itself: this test can go"
    assert options["toolchain"] == "pip", "left to guess, pulumi sees uv.lock and wants uv on PATH"
    assert options["virtualenv"] == ".venv", "not where `make setup` puts the packages"


def test_only_the_loader_needs_the_engine():
    modules = (
        "address_remedies, address_rules, addresses, artifacts, cluster, cluster_rules, domain, domain_rules, leaves, "
        "model, network, parse, principals, problem, quotas, read, rulebook, rules, schema, section, service_rules, "
        "services, standing, version_age, versions"
    )
    program = (
        "import sys, types\n"
        "package = types.ModuleType('dhakacart_infra.config')\n"
        "package.__path__ = ['dhakacart_infra/config']\n"
        "sys.modules['dhakacart_infra.config'] = package\n"
        f"from dhakacart_infra.config import {modules}\n"
        "assert 'pulumi' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=PROJECT)


def test_the_model_takes_addresses_as_objects_too():
    config = parse(read_stack_file("prod"), stack="prod")
    assert StackConfig.model_validate(config.model_dump()) == config


def staging(**changes):
    return read_stack_file("staging") | changes


@pytest.mark.parametrize("stack", ["staging-alice", "staging-dr-2", "staging2"])
def test_a_further_stack_of_an_environment_would_make_things_of_the_same_names_and_is_refused(stack):
    with pytest.raises(ConfigurationError) as refusal:
        parse(staging(), stack=stack)
    assert [problem.key for problem in refusal.value.problems] == ["environment"]
    assert parse(staging(environment="alice"), stack="alice").environment == "alice"


def test_the_second_stack_of_an_environment_names_the_first_as_its_peer_in_another_region():
    with pytest.raises(ConfigurationError) as refusal:
        parse(staging(), stack="staging-dr")
    assert [problem.key for problem in refusal.value.problems] == ["peer"]
