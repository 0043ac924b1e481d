"""What each command does, between the command line and a ``Sandbox``."""

import argparse
import logging
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

from pulumi import automation

from sandbox.aws.census import Standing, census
from sandbox.aws.faults import Fault
from sandbox.aws.kube import KubeApi
from sandbox.aws.store import REMEDY
from sandbox.errors import SandboxError
from sandbox.output import Terminal
from sandbox.session import DAMAGED, PROJECT, STATE, Sandbox
from sandbox.stack_file import STAND_IN
from sandbox.summary import Change, Op, full, summarise
from sandbox.workspace import NO_DOWNLOADS, PASSPHRASE

TERMINAL = Terminal()
REGION = "ap-south-1"  # of staging and prod; a program's own providers name theirs
UNASKED = "/aws/"  # begins the names of log groups that AWS's services make, and leave behind
PROTECTED_END = "Protected resources hold data; `destroy --unprotect` deletes them too."
PROTECTED_CHANGE = (
    "What holds data stands as it was: take the change back. Or let go of the one resource that is named above, with "
    "`pulumi state unprotect`, beside `make serve`, and see to its data first: AWS keeps what is not empty."
)
REPLACEMENT_STEPS = {
    "create-replacement",
    "delete-replaced",
    "discard-replaced",
}  # told by their "replace" already


def up(options: argparse.Namespace) -> bool:
    with _sandbox(options) as sandbox:
        stack = sandbox.stack(options.stack)
        sandbox.recover(stack)
        result = _run(
            "up", options.stack, lambda: stack.up(show_secrets=False, **TERMINAL.callbacks()), sandbox.encrypted
        )
        if result is None:
            made = sandbox.store.made().values()
            left = [one for one in sorted(census(sandbox.gateway)) if one.id.startswith(UNASKED)]
            if in_the_way := [one for one in left if one.id not in made]:
                raise SandboxError(
                    f"AWS has made what this stack makes too: {_named(in_the_way)}.", _removal(in_the_way)
                )
            return False
        if sandbox.cluster:
            TERMINAL.say(sandbox.cluster.way_in())
        counts: dict[str, int] = result.summary.resource_changes or {}
        if set(counts) <= {"same"}:
            TERMINAL.say(f"Nothing changed: {counts.get('same', 0)} resources stand as described.")
        return True


def preview(options: argparse.Namespace) -> bool:
    changes: list[Change] = []
    for path in filter(None, (options.summary, options.full)):
        _write(path, "")  # a file that cannot be written is told before the work, not after it
    with _sandbox(options, asleep=True) as sandbox:
        stack = sandbox.stack(options.stack)
        result = _run(
            "preview",
            options.stack,
            lambda: stack.preview(on_event=lambda event: _note(event, changes), **TERMINAL.callbacks()),
            sandbox.encrypted,
        )
    if result is None:
        return False
    if options.summary:
        _write(options.summary, summarise(options.stack, changes))
    if options.full:
        _write(options.full, full(options.stack, changes))
    return True


def destroy(options: argparse.Namespace) -> bool:
    with _sandbox(options) as sandbox:
        stack = sandbox.stack(options.stack)
        sandbox.recover(stack)
        if options.unprotect:
            sandbox.gateway.unprotect = True
            work = stack.workspace
            arguments = ["state", "unprotect", "--all", "--yes", "--stack", options.stack]
            work.pulumi_command.run(arguments, work.work_dir, work.env_vars)
        done = _run("destroy", options.stack, lambda: stack.destroy(show_secrets=False, **TERMINAL.callbacks()))
        if done is None:
            return False
        others = sandbox.store.made_by_others(options.stack)
        left = [one for one in sorted(census(sandbox.gateway)) if one.id not in others]
        if left:
            raise SandboxError(
                f"{options.stack} is destroyed, and AWS still holds what belongs to no stack: {_named(left)}.",
                _removal(left),
            )
        if sandbox.cluster:
            sandbox.cluster.plane.remove()
        TERMINAL.say(
            f"AWS holds nothing of {options.stack}."
            + (f" {len(others)} resources are other stacks'." if others else "")
        )
        return True


def _named(standing: Sequence[Standing]) -> str:
    return ", ".join(f"{one.id} ({one.where})" for one in standing)


def _removal(standing: Sequence[Standing]) -> str:
    commands = [f"`{one.removal}`" for one in standing if one.removal]
    how = ", ".join(commands) if len(commands) == len(standing) else "delete it as it was made, with `aws`"
    return f"{how} beside `make serve`"


def serve(options: argparse.Namespace) -> bool:
    """Run until interrupted."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415 - see Gateway.wake

    names = options.only.split(",") if options.only else None
    _require_free(options.port)
    with _sandbox(options, port=options.port + 1, only=names) as sandbox:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else every request is a line
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=options.port, verbose=False)
        server.start()
        TERMINAL.say(_exports(options.port, sandbox))
        TERMINAL.say(
            "# Serving until interrupted (Ctrl-C). In another shell: eval the lines above, then pulumi or aws."
        )
        # A script's `kill` ends it as Ctrl-C does; and a script's jobs, as some CI runners', start with SIGINT ignored.
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, signal.default_int_handler)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            TERMINAL.say("# Stopped; what stands is remembered.")
        finally:
            server.stop()
            sandbox.store.save()
    return True


def _sandbox(
    options: argparse.Namespace, port: int = 0, only: list[str] | None = None, *, asleep: bool = False
) -> Sandbox:
    faults = [Fault.parse(text) for text in options.fault]
    if faults:
        from sandbox.aws.operations import require_known  # noqa: PLC0415 - reads megabytes of service models

        require_known(faults)
    return Sandbox(
        project=PROJECT,
        state=options.state or PROJECT / STATE,
        faults=faults,
        say=TERMINAL.say,
        first_port=port,
        only=only,
        asleep=asleep,
        kube=KubeApi.of(options.kube_endpoint, options.kube_ca),
        real=getattr(options, "cluster", "") == "real",
    )


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text)
    except OSError as error:
        raise SandboxError(f"{path} cannot be written: {error.strerror}.", "name another file") from None


def _run(verb: str, stack: str, work: Callable[[], Any], encrypted: Sequence[str] = ()) -> Any:
    """The result, or None after a failure that the engine has explained already."""
    interrupted = threading.Event()

    def wait(number: int, frame: object) -> None:
        interrupted.set()

    # Ctrl-C reaches the engine as well, which ends in good order: stay until it has.
    before = signal.signal(signal.SIGINT, wait)
    try:
        return work()
    except automation.CommandError as error:
        if interrupted.is_set():
            raise KeyboardInterrupt from None
        unread = [key for key in encrypted if f"{key}: " in str(error)]
        next_step = _instead_of_ciphers(unread, stack) if unread else _next_step(str(error), verb)
        TERMINAL.complain(f"{verb} of {stack} did not finish. {next_step}")
        return None
    finally:
        signal.signal(signal.SIGINT, before)


def _next_step(output: str, verb: str) -> str:
    if "cannot be deleted" in output and "protect" in output:
        return PROTECTED_END if verb == "destroy" else PROTECTED_CHANGE
    if any(sign in output for sign in DAMAGED):
        return f"The engine's own state is damaged: {REMEDY}."
    return f"What was done is remembered: correct what is named above and run {verb} again."


def _instead_of_ciphers(keys: Sequence[str], stack: str) -> str:
    return (
        f'What is encrypted at {", ".join(keys)} cannot be read without its key, and "{STAND_IN}" in its place '
        f"is refused. If it is no secret, write it in plain text; else preview where the key is: "
        f"`pulumi preview -s {stack}`."
    )


def _note(event: automation.EngineEvent, changes: list[Change]) -> None:
    step = event.resource_pre_event.metadata if event.resource_pre_event else None
    if step is None or step.op in REPLACEMENT_STEPS:
        return
    forced = [path for path, diff in (step.detailed_diff or {}).items() if diff.diff_kind.value.endswith("replace")]
    changes.append(
        Change(
            op=cast("Op", step.op.value),
            type=step.type,
            name=step.urn.split("::")[-1],
            urn=step.urn,
            replaces=tuple(forced or (step.keys or ())),
            changed=tuple(step.detailed_diff or step.diffs or ()),
        )
    )


def _exports(port: int, sandbox: Sandbox) -> str:
    settings = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,  # the name that boto3 and the older aws read
        "PULUMI_BACKEND_URL": sandbox.backend_url(),
        "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
        "PULUMI_SKIP_UPDATE_CHECK": "true",  # it would wait for a network that may not be there
        **NO_DOWNLOADS,
        "PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{port}" for name, port in sandbox.ports.items()),
    }
    return "\n".join(f"export {name}={value}" for name, value in settings.items())


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SandboxError(f"port {port} cannot be used: {error.strerror}.", "name another with --port") from None
