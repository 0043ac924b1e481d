"""A sandbox in use: the state folder locked, AWS remembered, the providers listening, the engine at hand."""

import fcntl
import os
import runpy
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType

from moto import mock_aws
from pulumi import automation

from sandbox import engine, workspace
from sandbox.aws.faults import Fault, Faults
from sandbox.aws.gateway import Gateway
from sandbox.aws.kube import KubeApi
from sandbox.aws.provider import AwsProvider
from sandbox.aws.services import TYPES
from sandbox.aws.store import REMEDY, Store
from sandbox.eks.clusters import find
from sandbox.eks.provider import EksProvider
from sandbox.errors import SandboxError
from sandbox.kubernetes.provider import KubernetesProvider
from sandbox.program_run import ProgramRun
from sandbox.providers.provider import Provider
from sandbox.providers.random import RandomProvider
from sandbox.providers.server import serve
from sandbox.recovery import recover

Say = Callable[[str], None]
PROJECT = Path(__file__).parent.parent
STATE = ".sandbox"


class Sandbox:
    """``with Sandbox(...) as sandbox: sandbox.up("staging")``. One at a time per state folder."""

    def __init__(
        self,
        *,
        project: Path = PROJECT,
        state: Path | None = None,
        program: automation.PulumiFn | None = None,
        faults: Sequence[Fault] = (),
        say: Say = print,
        first_port: int = 0,
        only: Sequence[str] | None = None,
        kube: KubeApi | None = None,
    ) -> None:
        """``first_port`` 0 lets the system choose; ``only`` names the providers to serve (all, if None).

        ``kube`` is the API server that simulated clusters say is theirs.
        """
        self.project = project
        self.state = (state or project / STATE).absolute()
        self.say = say
        self.gateway = Gateway(Faults(faults), kube)
        self.store = Store(self.state / "aws.pickle", self.gateway.lock)
        self.kubernetes = KubernetesProvider(self.store, partial(find, self.gateway))
        self.ports: dict[str, int] = {}
        self._first_port = first_port
        self._only = only
        self._program = program or self._main
        self._runs: list[ProgramRun] = []
        self._exit = ExitStack()

    def __enter__(self) -> "Sandbox":
        with ExitStack() as undo:
            self._lock(undo)
            _isolate(undo)
            self.store.load()
            aws = mock_aws()
            aws.start(reset=False)
            undo.callback(aws.stop)
            for number, provider in enumerate(self._providers()):
                port = self._first_port and self._first_port + number
                self.ports[provider.package] = undo.enter_context(serve(provider, port))
            self._exit = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._exit:
            for run in self._runs:
                run.end()

    def stack(self, name: str) -> automation.Stack:
        """The engine's stack, ready for any command of the Automation API."""
        workspace.require_stack(self.project, name)
        path = engine.resolve(engine.progress_on(sys.stderr))
        folder = self.state / "work"
        workspace.prepare(self.project, folder, name)
        with self._readable():
            env = workspace.environment(self.state, self.ports)
            return workspace.select(workspace.Engine(path), folder, name, env, self._run_program)

    def recover(self, stack: automation.Stack) -> None:
        """Clear up after a run that was cut off, and say so. For commands that change what stands."""
        with self._readable():
            lines = recover(stack, self.state / workspace.BACKEND, self.store.made(stack.name))
        for line in lines:
            self.say(line)

    def backend_url(self) -> str:
        """Where the engine keeps its state."""
        return workspace.environment(self.state, self.ports)["PULUMI_BACKEND_URL"]

    def _run_program(self) -> None:
        self._runs.append(ProgramRun())
        self._program()

    def _main(self) -> None:
        runpy.run_path(str(self.project / "__main__.py"), run_name="__main__")

    def _providers(self) -> Sequence[Provider]:
        served: list[Provider] = [
            AwsProvider(TYPES, self.gateway, self.store),
            RandomProvider(),
            EksProvider(),
            self.kubernetes,
        ]
        known = [provider.package for provider in served]
        if unknown := set(self._only or ()) - set(known):
            raise SandboxError(
                f"there is no simulated provider {', '.join(sorted(unknown))}.",
                f"choose from {', '.join(known)}",
            )
        return [provider for provider in served if self._only is None or provider.package in self._only]

    @contextmanager
    def _readable(self) -> Generator[None]:
        """The engine's complaint about its own state, as an error that says what to do."""
        try:
            yield
        except automation.CommandError as error:
            said = str(error).rpartition("stderr: ")[2].strip().removeprefix("error: ")
            raise SandboxError(f"the engine cannot use its state in {self.state}: {said}", REMEDY) from None
        except OSError as error:
            raise SandboxError(f"{error.filename} cannot be used: {error.strerror}.", REMEDY) from None

    def _lock(self, undo: ExitStack) -> None:
        try:
            self.state.mkdir(parents=True, exist_ok=True)
            lock = undo.enter_context((self.state / "lock").open("w"))
        except OSError as error:
            raise SandboxError(
                f"the state folder {self.state} cannot be used: {error.strerror}.",
                "make way for a folder there, or name another with --state",
            ) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SandboxError(
                f"another sandbox command is using {self.state}.",
                "wait for it, or name another folder with --state",
            ) from None


def _isolate(undo: ExitStack) -> None:
    """Take the caller's AWS settings away (a profile, an endpoint): nothing here may reach what they name."""
    before = dict(os.environ)
    undo.callback(os.environ.update, before)
    undo.callback(os.environ.clear)
    for name in before:
        if name.startswith(("AWS_", "MOTO_")):
            del os.environ[name]
    os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # thousands of images that nobody asks for
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
