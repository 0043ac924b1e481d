"""What our own reading of the network policies is worth: a program that others wrote reads them, too."""

import pytest

from tests.support.architecture import HTTP, PORTS, places, policies
from tests.support.cyclonus import Asked, verdicts
from tests.support.reach import reaches
from tests.support.stacks import STACKS


@pytest.mark.parametrize("stack", STACKS)
def test_another_reader_finds_the_same_open_and_the_same_shut(stack, tmp_path):
    there, rules = places(stack), policies(stack)
    asked = [
        Asked(source, target, port)
        for source in there.values()
        for target in there.values()
        for port in {*HTTP.values(), *PORTS.values(), 53, 8080}
        if source != target
    ]
    ours = [reaches(rules, *one) for one in asked]
    assert verdicts(rules, asked, tmp_path) == ours
    assert any(ours)
    assert not all(ours)
