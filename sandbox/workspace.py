"""The engine's side of the state folder: its backend, and a working copy of the project's stack files.

A copy, because the engine writes into stack files (the salt of its secrets) and the project's own are not the
sandbox's to change; and because a stack that keeps its secrets in AWS KMS must run here without an account.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml
from pulumi import automation
from semver import VersionInfo

from sandbox.engine import MINIMUM
from sandbox.errors import SandboxError
from sandbox.stack_file import StackFile, read

PASSPHRASE = "sandbox"  # noqa: S105 - it protects nothing: the state is simulated
BACKEND = "backend"
PROJECT_FILE = "Pulumi.yaml"
# The engine sees in the state which plugins made it, and would fetch each of them, or try to again and again:
# it does not know yet that it will attach to a server. So it asks when a provider is really missing.
NO_DOWNLOADS = {"PULUMI_OPTION_SKIP_PLUGIN_PRE_INSTALL": "true"}


class Engine(automation.PulumiCommand):
    """The CLI at a known path; its version was checked when the path was resolved."""

    def __init__(self, path: Path) -> None:
        self.command = str(path)
        self.version = VersionInfo(*MINIMUM)  # it is at least that


class Workspace(automation.LocalWorkspace):
    """Says that there are no outputs: after each run the SDK would have them read back, which takes most of a second.

    The engine has shown them; whoever wants one more asks `pulumi stack output`.
    """

    def stack_outputs(self, stack_name: str) -> automation.OutputMap:
        return {}


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


def prepare(project: Path, folder: Path, stack: str) -> tuple[str, ...]:
    """Copy Pulumi.yaml and the stack's file into ``folder``, fit for a run without an account.

    The keys whose values are encrypted, and in whose place the sandbox has put a word.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PROJECT_FILE).write_bytes((project / PROJECT_FILE).read_bytes())
    fit = StackFile.of(require_stack(project, stack))
    (folder / f"Pulumi.{stack}.yaml").write_text(fit.text, encoding="utf-8")
    return fit.encrypted


def environment(folder: Path, providers: Mapping[str, int], *, write_through: bool = True) -> dict[str, str]:
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
        **NO_DOWNLOADS,
        "PULUMI_SKIP_CHECKPOINTS": str(not write_through).lower(),
        "PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{port}" for name, port in providers.items()),
    }


def select(
    engine: Engine, folder: Path, stack: str, env: Mapping[str, str], program: automation.PulumiFn
) -> automation.Stack:
    """The stack in the sandbox's backend, made if it is new."""
    require_project(folder)
    workspace = Workspace(
        work_dir=str(folder),
        program=program,
        env_vars=dict(env),
        pulumi_command=engine,
        pulumi_home=env["PULUMI_HOME"],
    )
    stands = any((folder.parent / BACKEND).glob(f".pulumi/stacks/*/{stack}.json"))
    try:
        return (automation.Stack.select if stands else automation.Stack.create)(stack, workspace)
    except automation.CommandError:
        _refuse_what_the_engine_refuses(engine, folder, stack)
        raise  # the files are as they should be: it is the state


def complaint(error: automation.CommandError) -> str:
    """What the engine said, without what it was told to do."""
    return str(error).rpartition("stderr: ")[2].strip().removeprefix("error: ")


def _refuse_what_the_engine_refuses(engine: Engine, folder: Path, stack: str) -> None:
    """Raise SandboxError if the engine cannot use the files beside an empty state either: then they are at fault."""
    with TemporaryDirectory() as empty:
        try:
            engine.run(["stack", "init", stack, "--non-interactive"], str(folder), environment(Path(empty), {}))
        except automation.CommandError as error:
            said = complaint(error).replace(f"{folder}/", "")
            raise SandboxError(
                f"the engine refuses {PROJECT_FILE} or Pulumi.{stack}.yaml: {said}", "correct there what it names"
            ) from None


def require_project(folder: Path) -> None:
    """Raises SandboxError if Pulumi.yaml names no project, or declares keys of one of another name."""
    path = folder / PROJECT_FILE
    settings = {key.value: value for key, value in read(path)[1].value}
    name = settings.get("name")
    if not isinstance(name, yaml.ScalarNode):
        raise SandboxError(f"{path} names no project.", "give it the `name` that version control has")
    for key in _with_defaults(settings.get("config")):
        other = key.rpartition(":")[0]
        if other not in ("", name.value):
            raise SandboxError(
                f"{PROJECT_FILE} calls the project {name.value!r} and declares {key}, a key of one called {other!r}.",
                f"`name: {other}`, by which what stands is known; nothing of it is lost",
            )


def _with_defaults(declared: yaml.Node | None) -> Iterator[str]:
    """The keys for which Pulumi.yaml has a default: the engine allows that for the project's own alone."""
    for key, described in declared.value if isinstance(declared, yaml.MappingNode) else ():
        if isinstance(described, yaml.MappingNode) and "default" in [name.value for name, _ in described.value]:
            yield str(key.value)
