"""The sandbox reads from a stack file what the ordinary CLI reads from it, whatever is written there and however."""

import json
import math
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.errors import SandboxError
from sandbox.stack_file import SECRET, STAND_IN, StackFile
from tests.support.ordinary import Cli

TRAPS = (
    *("00815", "012345678912", "0777", "0o17", "0b11", "0x1F", "1_000", "123456789012", "12345678901234567890123"),
    *("1e3", "3.0", ".5", "+1", "-0", "12:30:00", "190:20:30", "2024-01-01", "2001-12-14t21:59:43.10-05:00"),
    *(
        "no",
        "yes",
        "on",
        "Off",
        "y",
        "n",
        "true",
        "True",
        "FALSE",
        "~",
        "null",
        "Null",
        "=",
        "<<x",
        "1.2.3",
        "10.0.0.0/16",
    ),
)


def _finite(text: str) -> bool:
    """The engine refuses a whole file for one infinite number."""
    try:
        return math.isfinite(float(text.replace("_", "")))
    except ValueError:
        return True


NUMBERLIKE = st.from_regex(r"[-+.]?[0-9][0-9_.eExXobtTZ:+-]{0,10}[0-9a-f]", fullmatch=True).filter(_finite)
PLAIN = st.sampled_from(TRAPS) | NUMBERLIKE
TEXT = st.sampled_from(TRAPS) | st.text(string.ascii_letters + string.digits + " .:#@&*-é{}[]!%\\\"'", max_size=12)
QUOTED = TEXT.map(lambda text: json.dumps(text, ensure_ascii=False)) | TEXT.map(
    lambda text: "'{}'".format(text.replace("'", "''"))
)
SCALAR = PLAIN | QUOTED | PLAIN.map("!!str {}".format)
VALUE = st.recursive(
    SCALAR,
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]")
        | st.lists(inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"k{number}: {item}" for number, item in enumerate(items)) + "}"
        )
    ),
    max_leaves=6,
)
FILE = """\
# A comment: with a colon
first: &first {{a: {0}, b: {1}}}
second: &second
  <<: *first
  b: {2}
  c: &leaf {3}
config:
  shop:merged:
    <<: [*second, {{e: {4}}}]
    d: *leaf
  unqualified: {5}
"""


@pytest.fixture(scope="module")
def cli(tmp_path_factory) -> Cli:
    return Cli(tmp_path_factory.mktemp("ordinary"))


def both(cli: Cli, text: str) -> tuple[object, object]:
    """What the CLI makes of a stack file, and what of the sandbox's copy."""
    original, copy = cli.folder / "original.yaml", cli.folder / "copy.yaml"
    original.write_text(text, encoding="utf-8")
    copy.write_text(StackFile.of(original).text, encoding="utf-8")
    return cli.config(original), cli.config(copy)


@settings(max_examples=3)
@given(values=st.lists(VALUE, min_size=100, max_size=100))
def test_every_value_is_what_the_ordinary_cli_reads(cli, values):
    lines = (f"  shop:k{number}: {value}" for number, value in enumerate(values[6:]))
    original, copy = both(cli, FILE.format(*values) + "\n".join(lines) + "\n")
    assert isinstance(original, dict), original
    assert copy == original


def test_every_known_trap_is_what_the_ordinary_cli_reads(cli):
    forms = [form for trap in TRAPS for form in (trap, f'"{trap}"', f"'{trap}'", f"[{trap}, '{trap}']")]
    original, copy = both(cli, "config:\n" + "".join(f"  k{n}: {form}\n" for n, form in enumerate(forms)))
    assert isinstance(original, dict), original
    assert copy == original


@pytest.mark.parametrize(
    "text", ["{config: {a: 00815}}", "config: {}\n", "{}", '{"config": {"a": "1e3"}}', "  config:\n    a: no\n"]
)
def test_a_file_of_any_layout_is_what_the_ordinary_cli_reads(cli, text):
    original, copy = both(cli, text)
    assert isinstance(original, dict), original
    assert copy == original


KEYS = """
secretsprovider: awskms://alias/pulumi?region=ap-south-1
encryptedkey:
encryptionsalt: v1:real
"""
ENCRYPTED = """\
config:
  shop:owner: {secure: v1:abc:def}
  shop:block:
    secure: >-
      v1:abc:def
  shop:list: [a, {secure: "v1:abc:def"}, {b: [{secure: v1:abc:def}]}]
  shop:entry: {secure: v1:jkl, beside: it}
  shop:number: {secure: 12}
  shop:last: 00815
"""


@pytest.mark.parametrize("keys", ["", KEYS, KEYS + "\n\n# and more\n"])
def test_what_is_encrypted_with_another_key_is_a_secret_here_too_and_named(cli, keys):
    path = cli.folder / "encrypted.yaml"
    path.write_text(keys + ENCRYPTED)
    fit = StackFile.of(path)
    path.write_text(fit.text)
    read = cli.config(path, "--show-secrets")
    assert isinstance(read, dict), read
    assert fit.encrypted == ("shop:owner", "shop:block", "shop:list[1]", "shop:list[2].b[0]")
    values = {key.removeprefix("shop:"): (one["value"], one["secret"]) for key, one in read.items()}
    assert values == {
        "owner": (STAND_IN, True),
        "block": (STAND_IN, True),
        "list": (f'["a","{STAND_IN}",{{"b":["{STAND_IN}"]}}]', True),
        "entry": ('{"beside":"it","secure":"v1:jkl"}', False),
        "number": ('{"secure":12}', False),
        "last": ("815", False),
    }


def test_a_secret_with_an_anchor_is_replaced_once_and_named_wherever_it_is_used(cli):
    path = cli.folder / "anchored.yaml"
    path.write_text("config:\n  shop:a: &one {secure: v1:abc}\n  shop:b: [*one, {<<: *one}]\n")
    fit = StackFile.of(path)
    path.write_text(fit.text)
    assert fit.text.count(SECRET) == 1
    assert fit.encrypted == ("shop:a", "shop:b[0]", "shop:b[1]")
    read = cli.config(path, "--show-secrets")
    assert isinstance(read, dict), read
    assert read["shop:b"]["value"] == f'["{STAND_IN}","{STAND_IN}"]'


def test_what_the_ordinary_cli_writes_into_a_file_is_read_again_to_the_same(cli):
    """``pulumi config set`` writes the whole file anew: ``false`` becomes ``"false"``, and blank lines go."""
    path = cli.folder / "rewritten.yaml"
    path.write_text("config:\n" + "".join(f"  k{n}: {trap}\n  q{n}: '{trap}'\n" for n, trap in enumerate(TRAPS)))
    before = cli.config(path)
    assert cli.run("config", "set", "--stack", "ordinary", "--config-file", str(path), "more", "1e3").returncode == 0
    path.write_text(StackFile.of(path).text)
    after = cli.config(path)
    assert isinstance(before, dict)
    assert after == before | {"shop:more": {"value": "1e3", "secret": False}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config: [", "is not YAML"),
        ("", "is not a mapping"),
        ("a: 1\na: 2\n", "written twice: a"),
        ("config:\n  b: {c: 1, c: 2}\n", "written twice: c"),
        ("config: {a: &x [*x]}\n", "contains itself"),
        ("config: {a: *x}\n", "is not YAML"),
    ],
)
def test_a_file_that_the_engine_would_refuse_is_an_error_that_names_it(tmp_path: Path, text, said):
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text(text)
    with pytest.raises(SandboxError) as refused:
        StackFile.of(path)
    assert str(path) in refused.value.what
    assert said in refused.value.what
