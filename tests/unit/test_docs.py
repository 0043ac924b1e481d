"""What the README and the pages under docs say is so: commands, paths, links, keys, versions, addresses."""

import re
import shlex
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from ipaddress import ip_network
from itertools import pairwise
from pathlib import Path

import yaml

from bench.cli import parser as bench_parser
from dhakacart_infra.config.addresses import MAX_ZONES, TIERS, plan
from dhakacart_infra.config.model import StackConfig
from sandbox.aws.faults import Fault
from sandbox.cli import parser as sandbox_parser
from sandbox.engine import MINIMUM
from tests.support.stacks import PROJECT, config

README = PROJECT / "README.md"
ADRS = sorted((PROJECT / "docs" / "adr").glob("0*.md"))
PAGES = [README, *sorted((PROJECT / "docs").rglob("*.md"))]
RUNBOOK = PROJECT / "docs" / "runbooks" / "pull-request-preview.md"
WORKFLOW = (PROJECT / ".github" / "workflows" / "pull-request.yml").read_text()
READERS_OWN = {"Pulumi.qa.yaml"}  # what the pages tell the reader to make
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def name(page: Path) -> str:
    return str(page.relative_to(PROJECT))


def blocks(page: Path, language: str) -> list[str]:
    return [text for kind, text in FENCE.findall(page.read_text()) if kind == language]


def every(read: Callable[[Path], Iterable[str]]) -> Iterator[tuple[Path, str]]:
    """What ``read`` finds, page by page: a test for each page would be a thousand."""
    return ((page, found) for page in PAGES for found in read(page))


def spans(page: Path) -> list[str]:
    """The code spans of the running text."""
    return re.findall(r"`([^`\n]+)`", FENCE.sub("", page.read_text()))


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every `make` command, in a block or in the text, as a shell would split it, and where it stands."""
    for page in PAGES:
        yield from ((f"{name(page)}: {shlex.join(words)}", words) for words in _commands(page))


def _commands(page: Path) -> Iterator[list[str]]:
    lines = [line for kind, text in FENCE.findall(page.read_text()) if kind in ("", "sh") for line in text.splitlines()]
    for line in (*lines, *spans(page)):
        words = shlex.split(line, comments=True) if line.startswith("make ") else []
        if words:
            yield words


def settings(command: list[str]) -> dict[str, str]:
    return dict(word.split("=", 1) for word in command[1:] if "=" in word)


def section(page: Path, heading: str) -> str:
    """The text below a heading, as far as the next."""
    return re.split(r"^#+ ", page.read_text().split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def anchors(page: Path) -> set[str]:
    """Where GitHub lets a link into the page end."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@cache
def config_keys(model: type = StackConfig) -> set[str]:
    """The name of every key, at any depth."""
    schema = model.model_json_schema()
    sections = [schema, *schema["$defs"].values()]
    return {key for one in sections for key in one["properties"]}


def test_every_make_command_has_its_target():
    targets = set(re.findall(r"^\.PHONY: (.+)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)[0].split())
    for where, command in commands():
        named = [word for word in command[1:] if "=" not in word]
        assert set(named) <= targets, f"{where}: there is no such target"


def test_every_make_command_names_a_stack_there_is():
    for where, command in commands():
        stack = settings(command).get("STACK", "staging")
        if "|" not in stack and f"Pulumi.{stack}.yaml" not in READERS_OWN:
            assert (PROJECT / f"Pulumi.{stack}.yaml").is_file(), f"{where}: no such stack"


def test_every_argument_given_to_make_is_one_that_the_program_takes():
    for where, command in commands():
        arguments = shlex.split(settings(command).get("ARGS", ""))
        if command[1] in ("up", "preview", "destroy", "serve"):
            options = sandbox_parser().parse_args([command[1], *arguments])
            assert [Fault.parse(fault) for fault in options.fault] or "--fault" not in arguments, where
        elif command[1] == "bench":
            bench_parser().parse_args(arguments)


def test_every_link_within_the_project_leads_somewhere():
    for page, link in every(lambda page: re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", page.read_text()))):
        target, _, anchor = link.partition("#")
        if "://" in target:
            continue
        file = (page.parent / target).resolve() if target else page
        assert file.is_file(), f"{name(page)}: {link} leads nowhere"
        assert not anchor or anchor in anchors(file), f"{name(page)}: {link}: there is no such heading"


def test_every_path_named_exists():
    folders = {path.name for path in PROJECT.iterdir() if path.is_dir()} - {".sandbox", ".venv", "build"}
    for page, span in every(spans):
        in_project = span.split("/")[0] in folders and "/" in span
        if (in_project or re.fullmatch(r"(Pulumi|__main__)[\w.-]*\.\w+", span)) and span not in READERS_OWN:
            assert (PROJECT / span).exists(), f"{name(page)}: {span} does not exist"


def test_the_first_run_and_the_checks_are_what_ci_runs():
    (first_run,) = [text for text in blocks(README, "sh") if "git clone" in text]
    shown = [line.split("#")[0].strip() for line in first_run.splitlines() if line.startswith("make ")]
    checks = checks_named()
    steps = re.findall(r"^step (.+)$", (PROJECT / ".ci" / "run").read_text(), re.MULTILINE)
    run = [step for step in steps if step not in checks]
    assert run == shown
    assert checks[:-2] == [step for step in steps if step in checks], "all but the last two, says the README"


def checks_named() -> list[str]:
    return re.findall(r"^\| `(make [a-z-]+)`", section(README, "Tests and checks"), re.MULTILINE)


def test_a_pull_request_gets_the_first_checks_and_what_is_merged_the_others():
    checks = checks_named()
    asked, merged = (
        set(re.findall(r"run: (make [a-z-]+)$", (PROJECT / ".github" / "workflows" / name).read_text(), re.MULTILINE))
        for name in ("pull-request.yml", "main.yml")
    )
    assert set(checks[:6]) == asked - {"make setup"}, "the first six, says the README"
    assert set(checks[6:10]) <= merged, "the next four, says the README"
    assert checks[10:] == ["make bench"]


def test_every_configuration_key_named_is_in_the_model():
    """In YAML every key; in the text what is written as a setting, `key: value`."""
    keys = config_keys()
    for page, block in every(lambda page: blocks(page, "yaml")):
        for key in re.findall(r"^ *(?:dhakacart:)?(\w+):(?:\s|$)", block, re.MULTILINE):
            assert key in {"config", "search", *keys}, f"{name(page)}: there is no key {key}"
    for page, span in every(spans):
        if setting := re.fullmatch(r"([a-z_]+): [\w-]+", span):
            assert setting[1] in keys, f"{name(page)}: `{span}`: there is no such key"


def test_the_further_service_of_the_readme_is_a_valid_configuration():
    services = yaml.safe_load(blocks(README, "yaml")[1])["config"]["dhakacart:services"]
    written = config("prod", lambda keys: keys["services"].update(services))
    assert list(written.services) == ["frontend", "backend", "search"]


def test_the_third_zone_of_the_readme_is_a_valid_configuration_and_what_would_be_planned():
    network = yaml.safe_load(blocks(README, "yaml")[0])["config"]["dhakacart:network"]
    written = config("staging", lambda keys: keys["network"].update(network)).network
    lists = [name for name in network if name != "availability_zones"]
    planned = config("staging", lambda keys: keys["network"].update(network | dict.fromkeys(lists))).network
    assert written.plan.zones == 3
    assert written.plan == planned.plan


def test_the_address_table_is_the_plan():
    rows = {cells[1]: cells[2:5] for cells in table(section(PROJECT / "docs" / "architecture.md", "Addresses"))}
    prod, standby = config("prod").network.plan, config("prod-dr").network.plan
    assert config("staging").network.plan == prod
    full = plan(prod.vpc, prod.pod_block, range(MAX_ZONES))
    for tier in TIERS:
        shown = [[ip_network(cidr) for cidr in cell.split(", ")] for cell in rows[tier]]
        assert shown == [list(prod.tier(tier)), list(standby.tier(tier)), list(full.tier(tier)[2:])], tier
    assert rows["VPC"][:2] == [str(prod.vpc), str(standby.vpc)]
    assert rows["pod block"][:2] == [str(prod.pod_block), str(standby.pod_block)]


def table(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.startswith("|")]


def test_versions_named_are_those_the_project_asks_for():
    text = README.read_text()
    (go,) = re.findall(r"^go (\S+)$", (PROJECT / "tools" / "engine" / "go.mod").read_text(), re.MULTILINE)
    python = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert set(re.findall(r"Python (\d[\d.]*\d)", text)) == {python.removeprefix(">=")}
    assert set(re.findall(r"Go (\d[\d.]*\d)", text)) == {go}
    assert set(re.findall(r"(?:Pulumi|/install/\)) (\d[\d.]*\d)", text)) == {"{}.{}".format(*MINIMUM)}


def test_findings_about_the_engine_are_about_the_version_that_is_built():
    pinned = re.findall(
        r"pulumi/pkg/v3 v([\d.]+)$", (PROJECT / "tools" / "engine" / "go.mod").read_text(), re.MULTILINE
    )
    for page, version in every(lambda page: re.findall(r"[Ee]ngine (\d[\d.]*\d)", page.read_text())):
        assert pinned[0].startswith(version), f"read engine {pinned[0]} again: {name(page)} is about {version}"


def test_every_decision_is_in_the_index_by_its_title():
    index = re.findall(r"^\| \[(\d+)\]\((\S+)\) \| (.+) \|$", (ADRS[0].parent / "README.md").read_text(), re.MULTILINE)
    titles = [(path.name, path.read_text().splitlines()[0]) for path in ADRS]
    assert titles == [(file, f"# {number}: {title}") for number, file, title in index]
    assert all(int(after[0]) - int(before[0]) == 1 for before, after in pairwise(index))


def test_a_decision_has_context_decision_and_consequences():
    for page in ADRS:
        headings = re.findall(r"^## (.+)$", page.read_text(), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequences"], name(page)


def test_the_variables_of_the_workflow_are_those_the_runbook_explains():
    explained = {cells[1].strip("`") for cells in table(section(RUNBOOK, "3. Name them to the workflow"))[2:]}
    assert explained == set(re.findall(r"\bvars\.(\w+)", WORKFLOW))


def test_the_jobs_the_runbook_names_are_in_the_workflow():
    named = re.findall(r"^\| `(preview[\w-]*)` \|", RUNBOOK.read_text(), re.MULTILINE)
    assert len(named) == 2
    assert set(named) <= yaml.safe_load(WORKFLOW)["jobs"].keys()


def test_the_standby_is_deployed_after_the_database_that_it_copies_and_before_the_images_that_are_copied_to_it():
    told = section(README, "On AWS")
    assert told.index("pulumi up -s prod`") < told.index("pulumi up -s prod-dr`") < told.index("first image")
