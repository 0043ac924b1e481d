"""The engine's side of the state folder: its backend, and a working copy of the project's stack files.

A copy, because the engine writes into stack files (the salt of its secrets) and the project's own are not the
sandbox's to change; and because a stack that keeps its secrets in AWS KMS must run here without an account.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation
from semver import VersionInfo

from sandbox.engine import MINIMUM
from sandbox.errors import SandboxError

PASSPHRASE = "sandbox"  # noqa: S105 - it protects nothing: the state is simulated
SECRET = "sandbox"  # noqa: S105 - stands for a value that only the real stack's key can decrypt
BACKEND = "backend"
OTHER_SECRETS_PROVIDERS = ("secretsprovider", "encryptedkey", "encryptionsalt")


class Engine(automation.PulumiCommand):
    """The CLI at a known path; its version was checked when the path was resolved."""

    def __init__(self, path: Path) -> None:
        self.command = str(path)
        self.version = VersionInfo(*MINIMUM)  # it is at least that


def stack_names(project: Path) -> list[str]:
    return sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in project.glob("Pulumi.*.yaml"))


def require_stack(project: Path, stack: str) -> Path:
    """The stack's file. Raises SandboxError that names the stacks there are."""
    path = project / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        known = ", ".join(stack_names(project)) or "none"
        raise SandboxError(
            f"there is no stack {stack!r}: {path.name} does not exist. Stacks: {known}.", "name one of these"
        )
    return path


def prepare(project: Path, folder: Path, stack: str) -> None:
    """Copy Pulumi.yaml and the stack's file into ``folder``, fit for a run without an account."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_bytes((project / "Pulumi.yaml").read_bytes())
    copy = folder / f"Pulumi.{stack}.yaml"
    settings = _load(require_stack(project, stack))
    kept = {"encryptionsalt": _load(copy).get("encryptionsalt")} if copy.exists() else {}
    plain = {key: _without_ciphers(value) for key, value in settings.items() if key not in OTHER_SECRETS_PROVIDERS}
    copy.write_text(yaml.safe_dump(plain | {key: value for key, value in kept.items() if value}))


def environment(folder: Path, providers: Mapping[str, int]) -> dict[str, str]:
    """What the engine needs to run here: its own backend and home, and the providers to attach to."""
    backend = folder / BACKEND
    backend.mkdir(parents=True, exist_ok=True)
    return {
        # Without the backend's attribute files: they are written in place, so an engine killed in the middle of one
        # leaves a state that no later engine can read ("failed to load checkpoint: EOF").
        "PULUMI_BACKEND_URL": f"{backend.absolute().as_uri()}?metadata=skip",
        "PULUMI_HOME": str((folder / "home").absolute()),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{port}" for name, port in providers.items()),
    }


def select(
    engine: Engine, folder: Path, stack: str, env: Mapping[str, str], program: automation.PulumiFn
) -> automation.Stack:
    """The stack in the sandbox's backend, made if it is new."""
    options = automation.LocalWorkspaceOptions(
        work_dir=str(folder), env_vars=dict(env), pulumi_command=engine, pulumi_home=env["PULUMI_HOME"]
    )
    name = _load(folder / "Pulumi.yaml")["name"]
    return automation.create_or_select_stack(stack, project_name=name, program=program, opts=options)


class _Strict(yaml.SafeLoader):
    """Refuses a key that is written twice, as the engine's own loader does."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys: list[str] = [key.value for key, _ in node.value]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise yaml.constructor.ConstructorError(
                None, None, f"written twice: {', '.join(sorted(twice))}", node.start_mark
            )
        return super().construct_mapping(node, deep)


def _load(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Strict)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SandboxError(f"{path} is not YAML: {error}", "correct it where the message points") from None
    if not isinstance(content, dict):
        raise SandboxError(f"{path} is not a mapping of settings.", "give it at least `config:` with the stack's keys")
    return content  # pyright: ignore[reportUnknownVariableType]


def _without_ciphers(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"secure"}:  # pyright: ignore[reportUnknownArgumentType]
            return SECRET
        return {key: _without_ciphers(item) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [_without_ciphers(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value
