"""Who may call whom: all pairs of what there is, by the policies of each stack, beside the architecture."""

from typing import Any

import pytest

from tests.support.architecture import HTTP, LABEL, PORTS, places, policies
from tests.support.manifests import manifests
from tests.support.reach import Place, reaches
from tests.support.stacks import STACKS
from tests.support.whole_program import registered

ARCHITECTURE = {
    ("load balancer", "frontend"),
    ("load balancer", "backend"),
    ("frontend", "backend"),
    ("backend", "database"),
    ("backend", "redis"),
    ("backend", "identity agent"),
    ("schema job", "database"),
    *((caller, "names") for caller in ("frontend", "backend", "schema job")),
}
"""Beside what is not the shop's own: those may call one another, for all that these policies say."""
OTHERS = {"internet", "load balancer", "another pod", "names", "database", "redis", "identity agent"}


@pytest.mark.parametrize("stack", STACKS)
def test_the_architecture_is_all_that_is_open(stack):
    there, rules = places(stack), policies(stack)
    ports = {**HTTP, **PORTS, "names": 53, "identity agent": 80}
    asked = {
        (source, target): {port: reaches(rules, there[source], there[target], port) for port in {*ports.values(), 8080}}
        for source in there
        for target in there
        if source != target and not {source, target} <= OTHERS
    }
    found = {pair for pair, answers in asked.items() if answers.get(ports.get(pair[1], 0))}
    assert found == {pair for pair in ARCHITECTURE if pair[0] in there}


@pytest.mark.parametrize("stack", STACKS)
def test_each_flow_is_of_one_port_alone(stack):
    there, rules = places(stack), policies(stack)
    for source, target in {pair for pair in ARCHITECTURE if pair[0] in there}:
        for port in (22, 443, 8080, 9229):
            assert not reaches(rules, there[source], there[target], port), f"{source} to {target}:{port}"


def test_long_answers_to_questions_for_names_come_too():
    there, rules = places("prod"), policies("prod")
    for protocol in ("UDP", "TCP"):
        assert reaches(rules, there["backend"], there["names"], 53, protocol)


def test_a_pod_whose_labels_say_what_it_is_not_is_let_in_from_no_other_namespace():
    there, rules = places("prod"), policies("prod")
    assert not reaches(rules, there["another pod"], there["backend"], 5000)


def test_metrics_are_for_prometheus_alone():
    def with_metrics(values: dict[str, Any]) -> None:
        values["services"]["backend"]["metrics_port"] = 9464

    rules = [made for _, made in manifests(registered("prod", with_metrics)) if made["kind"] == "NetworkPolicy"]
    backend, prometheus = places("prod")["backend"], Place("100.64.0.8", "monitoring", {LABEL: "prometheus"})
    assert reaches(rules, prometheus, backend, 9464)
    assert not reaches(rules, prometheus, backend, 5000)
    for name, place in places("prod").items():
        assert name == "backend" or not reaches(rules, place, backend, 9464), name
