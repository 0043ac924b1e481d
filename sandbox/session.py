"""A sandbox in use: the state folder locked, AWS remembered, the providers listening, the engine at hand."""

import fcntl
import runpy
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

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
from sandbox.isolation import isolated
from sandbox.kubernetes.provider import KubernetesProvider
from sandbox.program_run import ProgramRun, share_no_connections, spare_details
from sandbox.providers.provider import Provider
from sandbox.providers.random import RandomProvider
from sandbox.providers.server import serve
from sandbox.recovery import recover, restore_backups
from sandbox.stack_file import STAND_IN

if TYPE_CHECKING:
    from sandbox.control_plane.cluster import RealCluster

Say = Callable[[str], None]
PROJECT = Path(__file__).parent.parent
STATE = ".sandbox"
CLUSTER = "cluster"
DAMAGED = ("failed to load checkpoint", "get stack secrets manager", "corrupt store")  # in the engine's words
AWAKE = threading.Lock()  # moto's memory is its process's: a second sandbox would wipe the first one's AWS
MAKE_WAY = "make way for a folder there, or name another with --state"


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
        asleep: bool = False,
        real: bool = False,
        write_through: bool = True,
    ) -> None:
        """``first_port`` 0 lets the system choose; ``only`` names the providers to serve (all, if None).

        ``kube`` is the API server that simulated clusters say is theirs. ``asleep`` leaves AWS's memory unread until
        the first call, which a preview hardly makes. ``real`` wants a real control plane behind the simulated cluster:
        once there is one, it is used without asking. Without ``write_through``, AWS's memory and the engine's state are
        written once and not after every change: in half the time, and lost if the process is killed.
        """
        self.project = project
        self.state = (state or project / STATE).absolute()
        self.say = say
        self.gateway = Gateway(Faults(faults), kube)
        self.store = Store(self.state / "aws.pickle", self.gateway.lock, write_through=write_through)
        clusters = partial(find, self.gateway)
        self.kubernetes = KubernetesProvider(self.store, clusters)
        self.cluster: RealCluster | None = None
        """A real control plane, where there is one."""
        if real or (self.state / CLUSTER).is_dir():
            from sandbox.control_plane import cluster, provider  # noqa: PLC0415 - a preview has no time for them

            self.cluster = cluster.RealCluster(self.state / CLUSTER, self.gateway)
            self.kubernetes = provider.RealKubernetesProvider(self.store, clusters, self.cluster)
        self.ports: dict[str, int] = {}
        self.encrypted: tuple[str, ...] = ()
        """The keys at which the stack's file is encrypted, for a key that the sandbox does not have."""
        self._first_port = first_port
        self._only = only
        self._asleep = asleep
        self._write_through = write_through
        self._program = program or self._main
        self._runs: list[ProgramRun] = []
        self._exit = ExitStack()
        self._aws = ExitStack()

    def __enter__(self) -> "Sandbox":
        with ExitStack() as undo:
            self._lock(undo)
            undo.enter_context(isolated())
            share_no_connections()
            spare_details()
            self.store.read()
            self._aws = undo.enter_context(ExitStack())
            undo.callback(self.store.flush)
            self.gateway.on_wake = self._wake
            if not self._asleep:
                self.gateway.wake()
            self._start_cluster(undo)
            for number, provider in enumerate(self._providers()):
                port = self._first_port and self._first_port + number
                self.ports[provider.package] = undo.enter_context(serve(provider, port))
            self._exit = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._exit:
            self._end_runs()

    def _start_cluster(self, undo: ExitStack) -> None:
        """A preview makes and reads nothing, so there the control plane may be at rest."""
        if self.cluster is None:
            return
        if self._asleep:
            if self.cluster.plane.stands():
                self.gateway.kube = self.cluster.plane.kube
            return
        if not self.cluster.plane.stands() and any("kubernetes:" in urn for urn in self.store.made()):
            raise SandboxError(
                f"what stands in {self.state} stands in a simulated cluster.",
                "destroy it first, or name another folder with --state",
            )
        if self.gateway.kube:
            raise SandboxError("--kube-endpoint names an API server beside the one that is ours.", "leave it out")
        undo.callback(self.store.save)
        undo.enter_context(self.cluster.running())
        self.kubernetes.resume()

    def _wake(self) -> None:
        from moto import mock_aws  # noqa: PLC0415 - see Gateway.wake

        if not AWAKE.acquire(blocking=False):
            raise SandboxError(
                "this process's AWS belongs to another sandbox.",
                "leave that one first, or start this one in a process of its own",
            )
        self._aws.callback(AWAKE.release)
        aws = mock_aws()
        aws.start(reset=False)
        self._aws.callback(aws.stop)
        self.store.restore()

    def stack(self, name: str) -> automation.Stack:
        """The engine's stack, ready for any command of the Automation API."""
        self._end_runs()  # a program whose engine failed would go on speaking to it, in the middle of the next run
        workspace.require_stack(self.project, name)
        if self.cluster and not self._asleep:
            self.cluster.claim(name)
        path = engine.resolve(engine.progress_on(sys.stderr))
        folder = self.state / "work"
        self.encrypted = workspace.prepare(self.project, folder, name)
        if self.encrypted:
            keys = ", ".join(self.encrypted)
            self.say(f'Pulumi.{name}.yaml is encrypted at {keys}: here "{STAND_IN}" stands in its place.')
        with self._readable():
            env = workspace.environment(self.state, self.ports, write_through=self._write_through)
            for line in restore_backups(self.state / workspace.BACKEND):
                self.say(line)
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

    def _end_runs(self) -> None:
        while self._runs:
            self._runs.pop().end()

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
            said = workspace.complaint(error)
            remedy = REMEDY if any(sign in said for sign in DAMAGED) else "correct what it names and run it again"
            raise SandboxError(f"the engine cannot use its state in {self.state}: {said}", remedy) from None
        except OSError as error:
            raise SandboxError(f"{error.filename} cannot be used: {error.strerror}.", MAKE_WAY) from None

    def _lock(self, undo: ExitStack) -> None:
        try:
            self.state.mkdir(parents=True, exist_ok=True)
            lock = undo.enter_context((self.state / "lock").open("w"))
        except OSError as error:
            raise SandboxError(
                f"the state folder {self.state} cannot be used: {error.strerror}.",
                MAKE_WAY,
            ) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SandboxError(
                f"another sandbox command is using {self.state}.",
                "wait for it, or name another folder with --state",
            ) from None
