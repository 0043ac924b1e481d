"""The page that says what a change of each key does: every key is on it, as the record of the walk has it."""

import re

from dhakacart_infra.config.model import StackConfig
from tests.support.change_rows import ROWS, base, leaves
from tests.support.change_table import PAGE, page, recorded, render
from tests.support.stacks import PROJECT, raw


def test_every_key_of_a_stack_file_is_changed():
    assert {row.key for row in ROWS} == set(leaves(StackConfig.model_json_schema()))


def test_every_change_has_a_name_of_its_own_and_changes_something():
    assert len({row.name for row in ROWS}) == len(ROWS)
    before = base(raw("staging"))
    assert [row.name for row in ROWS if row.edit(before) == before] == []


def test_the_table_is_the_record():
    assert page(PAGE.read_text()) == PAGE.read_text(), "run: python -m tests.support.change_table"


def test_the_record_reads_back_as_it_was_written(tmp_path):
    copy = tmp_path / "changes.txt"
    copy.write_text(render(recorded()))
    assert recorded(copy) == recorded()


def test_what_the_readme_counts_of_a_third_zone_is_in_the_record():
    (row,) = [row for row in ROWS if row.change.startswith("one more, a block")]
    steps = recorded()[row.name]
    assert not isinstance(steps, str)
    counted = re.findall(r"(\d+) resources are created and (\d+) updated", (PROJECT / "README.md").read_text())
    ops = list(steps.values())
    assert counted == [(str(ops.count("create")), str(ops.count("update")))]
    assert set(ops) == {"create", "update"}
