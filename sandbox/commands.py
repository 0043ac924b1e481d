"""What each command does, between the command line and a ``Sandbox``."""

import argparse
import logging
import signal
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from moto.server import ThreadedMotoServer
from pulumi import automation

from sandbox.aws.census import census
from sandbox.aws.faults import Fault
from sandbox.aws.kube import KubeApi
from sandbox.aws.store import REMEDY
from sandbox.errors import SandboxError
from sandbox.output import Terminal
from sandbox.session import PROJECT, STATE, Sandbox
from sandbox.summary import Change, Op, full, summarise
from sandbox.workspace import PASSPHRASE

TERMINAL = Terminal()
REGION = "ap-south-1"  # of staging and prod; a program's own providers name theirs
DAMAGED = ("failed to load checkpoint", "get stack secrets manager", "corrupt store")
REPLACEMENT_STEPS = {
    "create-replacement",
    "delete-replaced",
    "discard-replaced",
}  # told by their "replace" already


def up(options: argparse.Namespace) -> bool:
    with _sandbox(options) as sandbox:
        stack = sandbox.stack(options.stack)
        sandbox.recover(stack)
        result = _run("up", options.stack, lambda: stack.up(**TERMINAL.callbacks()))
        if result is None:
            return False
        counts: dict[str, int] = result.summary.resource_changes or {}
        if set(counts) <= {"same"}:
            TERMINAL.say(f"Nothing changed: {counts.get('same', 0)} resources stand as described.")
        return True


def preview(options: argparse.Namespace) -> bool:
    changes: list[Change] = []
    for path in filter(None, (options.summary, options.full)):
        _write(path, "")  # a file that cannot be written is told before the work, not after it
    with _sandbox(options) as sandbox:
        stack = sandbox.stack(options.stack)
        result = _run(
            "preview",
            options.stack,
            lambda: stack.preview(on_event=lambda event: _note(event, changes), **TERMINAL.callbacks()),
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
        done = _run(
            "destroy",
            options.stack,
            lambda: stack.destroy(**TERMINAL.callbacks()),
        )
        if done is None:
            return False
        left = census(sandbox.gateway) - set(sandbox.store.made().values())
        if left:
            raise SandboxError(
                f"AWS still holds {', '.join(sorted(left))}.", "look at what made them: they have no owner"
            )
        others = sandbox.store.made()
        TERMINAL.say(
            f"AWS holds nothing of {options.stack}."
            + (f" {len(others)} resources are other stacks'." if others else "")
        )
        return True


def serve(options: argparse.Namespace) -> bool:
    """Run until interrupted."""
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
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a script's `kill` ends it as Ctrl-C does
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            TERMINAL.say("# Stopped; what stands is remembered.")
        finally:
            server.stop()
            sandbox.store.save()
    return True


def _sandbox(options: argparse.Namespace, port: int = 0, only: list[str] | None = None) -> Sandbox:
    faults = [Fault.parse(text) for text in options.fault]
    return Sandbox(
        project=PROJECT,
        state=options.state or PROJECT / STATE,
        faults=faults,
        say=TERMINAL.say,
        first_port=port,
        only=only,
        kube=KubeApi.of(options.kube_endpoint, options.kube_ca),
    )


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text)
    except OSError as error:
        raise SandboxError(f"{path} cannot be written: {error.strerror}.", "name another file") from None


def _run(verb: str, stack: str, work: Callable[[], Any]) -> Any:
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
        TERMINAL.complain(f"{verb} of {stack} did not finish. {_next_step(str(error), verb)}")
        return None
    finally:
        signal.signal(signal.SIGINT, before)


def _next_step(output: str, verb: str) -> str:
    if "cannot be deleted" in output and "protect" in output:
        return "Protected resources hold data; `destroy --unprotect` deletes them too."
    if any(sign in output for sign in DAMAGED):
        return f"The engine's own state is damaged: {REMEDY}."
    return f"What was done is remembered: correct what is named above and run {verb} again."


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
        "PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{port}" for name, port in sandbox.ports.items()),
    }
    return "\n".join(f"export {name}={value}" for name, value in settings.items())


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SandboxError(f"port {port} cannot be used: {error.strerror}.", "name another with --port") from None
