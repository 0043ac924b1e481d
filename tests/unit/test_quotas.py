"""What is to be asked of AWS before the first deployment."""

import pytest

from dhakacart_infra.cluster.system_nodes import INSTANCE_TYPES
from dhakacart_infra.config.quotas import ADDRESSES, ON_DEMAND, SYSTEM_NODE_VCPU, main, needs, report
from tests.support.stacks import PROJECT, STACKS, config

THIRD_ZONES = {"staging": "ap-south-1c", "prod": "ap-south-1c"}


def with_third_zone(stack: str):
    def change(values):
        network = values["network"]
        network["availability_zones"].append(THIRD_ZONES[stack])
        for tier in ("public", "app", "database", "pod"):
            network.pop(f"{tier}_subnets")

    return config(stack, change)


def line(told: list[str], start: str) -> str:
    return next(one for one in told if one.strip().startswith(start))


def test_production_and_staging_fit_into_the_addresses_of_one_region_and_a_third_zone_in_both_does_not():
    two = list(report({stack: config(stack) for stack in ("prod", "staging")}))
    three = list(report({stack: with_third_zone(stack) for stack in ("prod", "staging")}))
    assert line(two, ADDRESSES.name).endswith("enough")
    assert "2 + 2 =    4" in line(two, ADDRESSES.name)
    assert line(three, ADDRESSES.name).endswith("ask for 6")
    assert any(f"--quota-code {ADDRESSES.code} --desired-value 6" in one for one in three)


def test_stacks_of_different_regions_are_counted_apart():
    told = list(report({stack: config(stack) for stack in STACKS}))
    assert [one.partition(",")[0] for one in told if not one.startswith(" ")] == ["ap-south-1", "ap-southeast-1"]


def test_a_stack_file_is_read_whatever_is_encrypted_in_it(tmp_path, monkeypatch, capsys):
    told = (PROJECT / "Pulumi.prod-dr.yaml").read_text()
    told += "  dhakacart:domain: {name: shop.example, zone: {id: Z1EXAMPLE, name: shop.example}}\n"
    told += "  dhakacart:cdn:\n    origin_key:\n      secure: v1:a:b\n"
    (tmp_path / "Pulumi.prod-dr.yaml").write_text(told)
    monkeypatch.chdir(tmp_path)
    assert main([]) == 0
    assert "ap-southeast-1" in capsys.readouterr().out


def test_a_single_nat_gateway_takes_a_single_address():
    assert needs(config("staging", lambda raw: raw["network"].update(nat_gateways="single")))[ADDRESSES] == 1


def test_system_nodes_have_the_processors_that_are_counted():
    sizes = {kind.partition(".")[2] for kinds in INSTANCE_TYPES.values() for kind in kinds}
    assert (sizes, SYSTEM_NODE_VCPU) == ({"large"}, 2)
    assert needs(config("prod"))[ON_DEMAND] == 2 * 3 * 2 + 48


def test_the_command_tells_it_of_all_stacks_or_of_those_it_is_given(capsys):
    assert main([]) == 0
    assert "prod, staging" in capsys.readouterr().out
    assert main(["staging"]) == 0
    assert "prod" not in capsys.readouterr().out


def test_a_stack_without_a_file_is_named(capsys):
    assert main(["nowhere"]) == 1
    assert "Pulumi.nowhere.yaml cannot be read: No such file or directory." in capsys.readouterr().err


def test_help_says_what_it_is_for(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "quotas" in capsys.readouterr().out
