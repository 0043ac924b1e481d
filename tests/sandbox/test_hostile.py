"""The first run in surroundings that nobody would choose, and that users have: it depends on none of them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sandbox.engine import cache_folder
from tests.support.command import DEAF, Run, clean
from tests.support.project import NETWORK
from tests.support.stacks import PROJECT

pytestmark = [pytest.mark.exhaustive, pytest.mark.xdist_group("hostile")]  # a minute

NOWHERE = "http://127.0.0.1:9"  # the port "discard": nobody listens
PROXIES = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "grpc_proxy", "HTTPS_PROXY"), NOWHERE)
AWS = {
    "AWS_PROFILE": "a-profile-that-is-not-there",
    "AWS_REGION": "mars-north-1",
    "AWS_ENDPOINT_URL": NOWHERE,
    "AWS_CA_BUNDLE": "/nowhere",
}
PULUMI = {
    "PULUMI_STACK": "someone-elses",
    "PULUMI_ACCESS_TOKEN": "pul-0000",
    "PULUMI_BACKEND_URL": "https://pulumi.example.com",
    "PULUMI_CONFIG": '{"dhakacart:region": "mars-north-1"}',
    "PULUMI_CONFIG_PASSPHRASE": "another",
    "PULUMI_HOME": "/nowhere",
    "PULUMI_DEBUG_PROVIDERS": "aws:9",
}
LOCALE = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Iterator[Path]:
    """A copy of what a run needs, under a name with spaces and letters of another script, that cannot be written to."""
    folder = tmp_path_factory.mktemp("check out") / "ঢাকা cart"
    folder.mkdir()
    for name in ("dhakacart_infra", "sandbox"):
        shutil.copytree(PROJECT / name, folder / name)
    shutil.copytree(PROJECT / "tools" / "engine", folder / "tools" / "engine")
    shutil.copy(NETWORK, folder / "__main__.py")
    for path in PROJECT.glob("Pulumi*.yaml"):
        shutil.copy(path, folder)
    mode = 0o500  # for those who are not root
    folder.chmod(mode)
    bound = subprocess.run(["mount", "--bind", "-o", "ro", folder, folder], capture_output=True, check=False)
    yield folder
    if bound.returncode == 0:
        subprocess.run(["umount", folder], check=True)
    folder.chmod(0o700)


def sandbox(checkout: Path, state: Path, *arguments: str, env: Mapping[str, str], umask: int = -1) -> Run:
    command = [*DEAF, sys.executable, "-m", "sandbox", *arguments, "--state", str(state)]
    own = clean() | {"XDG_CACHE_HOME": str(cache_folder(os.environ).parent)} | dict(env)
    del own["HOME"]
    done = subprocess.run(
        command, cwd=checkout, env=own, umask=umask, capture_output=True, text=True, encoding="utf-8", check=False
    )
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    "env", [PROXIES, AWS, PULUMI, LOCALE], ids=["proxies", "AWS settings", "Pulumi settings", "C locale"]
)
def test_no_setting_of_the_users_shell_gets_into_a_run(checkout, tmp_path, env):
    preview = sandbox(checkout, tmp_path, "preview", env=env)
    assert (preview.code, preview.err) == (0, "")
    assert " to create" in preview.out


def test_up_preview_and_destroy_pass_in_all_of_it_at_once(checkout, tmp_path):
    state, env = tmp_path / "zustand ß", PROXIES | AWS | PULUMI | LOCALE
    up, preview, destroy = (
        sandbox(checkout, state, command, env=env, umask=0o077) for command in ("up", "preview", "destroy")
    )
    assert [one.code for one in (up, preview, destroy)] == [0, 0, 0], up.err + preview.err + destroy.err
    assert " unchanged" in preview.out
    assert destroy.out.splitlines()[-1] == "AWS holds nothing of staging."
    assert up.err + preview.err + destroy.err == ""


def test_make_depends_on_no_setting_of_python(tmp_path):
    env = {"PYTHONSAFEPATH": "1", "PYTHONPATH": "/nowhere", "PYTHONHOME": "/nowhere", "PYTHONWARNINGS": "error"}
    done = subprocess.run(
        ["make", "preview", f"ARGS=--state {tmp_path / 'state'}"],
        cwd=PROJECT,
        env=clean() | env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert " to create" in done.stdout
