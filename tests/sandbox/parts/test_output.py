"""What the engine prints reaches the terminal once."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.output import UNHANDLED, Once, Terminal

LINES = st.lists(st.text(alphabet="ab: ", max_size=6))
REPORT = ["    error: stack.yaml: 1 problem.", "", "    region: x is no region.", "      Try: y"]
AGAIN = [REPORT[0].replace("error: ", UNHANDLED), *REPORT[1:]]


def shown(lines: list[str]) -> list[str]:
    said: list[str] = []
    once = Once(said.append)
    for line in lines:
        once(line)
    return said


@given(lines=LINES)
def test_output_without_an_unhandled_error_is_shown_as_it_is(lines):
    assert shown(lines) == lines


def test_an_error_that_the_engine_tells_again_is_shown_once():
    assert shown(["Diagnostics:", *REPORT, *AGAIN, "Resources:"]) == ["Diagnostics:", *REPORT, "Resources:"]


def test_an_error_is_recognised_when_both_tellings_do_not_follow_each_other():
    assert shown([*REPORT, "warning", *AGAIN, "Resources:"]) == [*REPORT, "warning", "Resources:"]


def test_what_comes_after_the_repetition_is_shown_even_if_it_looks_like_it():
    assert shown([*REPORT, *AGAIN, "Resources:", REPORT[2]]) == [*REPORT, "Resources:", REPORT[2]]


def test_an_unhandled_error_that_was_not_told_before_is_shown():
    assert shown(AGAIN) == AGAIN


def test_a_different_unhandled_error_is_shown_beside_the_first():
    other = f"    {UNHANDLED}something else"
    assert shown([*REPORT, other]) == [*REPORT, other]


def test_output_goes_to_standard_output_and_complaints_to_standard_error(capsys):
    terminal = Terminal()
    terminal.say("done")
    terminal.complain("failed")
    assert tuple(capsys.readouterr()) == ("done\n", "failed\n")


def test_what_is_not_a_terminal_gets_no_colours(capsys):
    assert Terminal().callbacks()["color"] == "never"
