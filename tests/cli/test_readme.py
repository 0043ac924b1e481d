"""The README's own commands for AWS, in a clone of the project, by the ordinary Pulumi with the Python host it brings.

In AWS's place is what ``make serve`` serves. The state is in a bucket, and its secrets under a key, as the README asks.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
import yaml

from tests.support.checkout import checkout, github_step, give_environment
from tests.support.command import clean, serving
from tests.support.stacks import PROJECT

README = (PROJECT / "README.md").read_text()
WORKFLOW = PROJECT / ".github" / "workflows" / "pull-request.yml"
MISSING = (
    "this needs Pulumi on PATH, with the pulumi-language-python that comes with it."
    " Try: https://www.pulumi.com/docs/install/, then again."
)
SANDBOX_S_OWN = {"PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE"}
HOME = "ap-southeast-1"  # of the state, which must be there when Mumbai is not
NAME = "shop-state"  # of the bucket, and of the key


@dataclass(frozen=True)
class Shell:
    """In a clone, with credentials of the account that is served."""

    folder: Path
    env: dict[str, str]

    def run(self, line: str, **env: str) -> str:
        done = github_step(line, folder=self.folder, env=self.env | env)
        assert done.returncode == 0, f"{line}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout


def written(begins: str) -> str:
    """The README's line, with the names of what one makes by hand."""
    (line,) = {line for line in README.splitlines() if line.startswith(begins)}
    return line.replace("BUCKET", NAME).replace("alias/KEY", f"alias/{NAME}")


def counts(said: str) -> list[str]:
    """How many resources a command did what with, after what its preview would do."""
    told = said.rpartition("\nResources:\n")[2].partition("\n\n")[0]
    return [line.strip() for line in told.splitlines()]


@pytest.fixture(scope="module")
def shell(tmp_path_factory) -> Iterator[Shell]:
    if not (shutil.which("pulumi") and shutil.which("pulumi-language-python")):
        pytest.fail(MISSING)
    folder = checkout(tmp_path_factory.mktemp("cli") / "clone")
    give_environment(folder)
    own = {"PULUMI_HOME": str(tmp_path_factory.mktemp("home")), "PULUMI_SKIP_CONFIRMATIONS": "true"}
    with serving(tmp_path_factory.mktemp("served")) as server, pytest.MonkeyPatch.context() as environment:
        served = {name: value for name, value in server.exports.items() if name not in SANDBOX_S_OWN}
        for name, value in served.items():
            environment.setenv(name, value)
        boto3.client("s3", HOME).create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": HOME})
        kms = boto3.client("kms", HOME)
        kms.create_alias(AliasName=f"alias/{NAME}", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
        made = Shell(folder, clean() | served | own)
        made.run(written("pulumi login"))
        yield made


@pytest.fixture(scope="module")
def staging(shell: Shell) -> str:
    """What the last of the README's commands that stand it up said."""
    shell.run(written("pulumi stack init staging"))
    shell.run(written("pulumi preview -s staging"))
    return shell.run(written("pulumi up -s staging"))


@pytest.fixture(scope="module")
def production(shell: Shell) -> str:
    """In the README's order; and at the end the standby has what production's CloudFront shows the load balancers."""
    for stack in ("prod", "prod-dr"):
        shell.run(written("pulumi stack init staging").replace("staging", stack, 1))
        shell.run(f"pulumi up -s {stack}")
    give_domain(shell.folder / "Pulumi.prod-dr.yaml")
    shell.run(written("pulumi config set -s prod-dr --secret"))
    return shell.run("pulumi up -s prod-dr")


def give_domain(path: Path) -> None:
    """The section that the standby's file has in a comment, with the zone that production made."""
    (zone,) = boto3.client("route53").list_hosted_zones_by_name(DNSName="dhakacart.example", MaxItems="1")[
        "HostedZones"
    ]
    text = path.read_text()
    section = re.search(r"(?m)^  # dhakacart:domain:\n(?:  #   .+\n)+", text)
    assert section
    given = section[0].replace("  # ", "  ").replace("Z0123456789EXAMPLE", zone["Id"].rsplit("/", 1)[-1])
    path.write_text(text.replace(section[0], given))


def test_they_stand_staging_up_and_then_nothing_is_left_to_do(shell, staging):
    (created,) = re.findall(r"^    (\+ \d+ created)$", README, re.MULTILINE)
    assert counts(staging) == [created]
    assert counts(shell.run("pulumi up -s staging")) == [created.removeprefix("+ ").replace("created", "unchanged")]


def test_they_give_the_standby_what_it_is_to_have_of_production(shell, production):
    assert counts(production)[0].endswith(" created"), "its certificate and its records"
    (left,) = counts(shell.run("pulumi preview -s prod-dr"))
    assert left.endswith(" unchanged")
    key = shell.run("pulumi stack output -s prod --show-secrets origin_key").strip()
    assert key
    assert key not in (shell.folder / "Pulumi.prod-dr.yaml").read_text()


@pytest.mark.usefixtures("staging")
def test_the_pull_request_workflow_previews_what_stands(shell, tmp_path):
    steps = yaml.safe_load(WORKFLOW.read_text())["jobs"]["preview-aws"]["steps"]
    (preview,) = (step["run"] for step in steps if step.get("name") == "Preview")
    summary = tmp_path / "summary.md"
    shell.run(preview, STACK="staging", RUNNER_TEMP=str(tmp_path), GITHUB_STEP_SUMMARY=str(summary))
    assert summary.read_text().startswith("### staging on AWS\n")
    assert counts(summary.read_text())[0].endswith(" unchanged")
    assert counts((tmp_path / "full.txt").read_text()) == counts(summary.read_text())


@pytest.mark.usefixtures("staging")
def test_a_wrong_value_is_refused_with_what_to_try_and_without_a_traceback(shell):
    shell.run("pulumi config set -s staging region ap-middle-9")
    refused = github_step("pulumi preview -s staging", folder=shell.folder, env=shell.env)
    shell.run("pulumi config set -s staging region ap-south-1")
    assert refused.returncode == 1
    assert "dhakacart:region: ap-middle-9" in refused.stdout
    assert "Try: ap-south-1." in refused.stdout
    assert "Traceback" not in refused.stdout + refused.stderr
