"""The command line: ``python -m sandbox up|preview|destroy|serve``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.isolation import isolated

DESCRIPTION = """\
Run this program on the real Pulumi engine against a simulated AWS: no account, no credentials, no network.
What stands is remembered in the state folder, so a second `up` changes nothing and an edit shows as a change."""

ONLY = """\
providers to serve, of aws,random,eks,kubernetes (default: all); an ordinary pulumi uses its own plugins for the others:
with aws,random,eks its kubernetes plugin works in the cluster that --kube-endpoint names"""
CLUSTERS = ("simulated", "real")
CLUSTER = """\
what stands behind the simulated EKS: real is a control plane on this machine, with nodes and pods that are only played,
and the real AWS Load Balancer Controller. It stands until `destroy`, and is built at its first use, in a quarter of an
hour (default: simulated, or what stands)"""
LAST_PORT = 65_500  # the providers' ports follow, and there are 65,535
EXIT_OK, EXIT_FAILED, EXIT_INTERRUPTED = 0, 1, 130


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="sandbox", description=DESCRIPTION, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--state", type=Path, metavar="DIR", help="state folder (default: .sandbox in the project)")
    common.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="KIND:WHERE",
        help="spoil AWS calls: fail, throttle, delay, cut or eventual; WHERE is a call's number, an operation, a\n"
        "region or * (fail:17, throttle:CreateSubnet, delay:*:0.5, cut:ap-south-1); may be given again;\n"
        "eventual:CreateKey:20: what the operation makes takes effect 20 calls later",
    )
    common.add_argument(
        "--kube-endpoint", metavar="URL", help="the API server (kind, k3d) that simulated EKS clusters say is theirs"
    )
    common.add_argument("--kube-ca", type=Path, metavar="FILE", help="its certificate authority, as PEM")
    on_stack = argparse.ArgumentParser(add_help=False, parents=[common])
    on_stack.add_argument("--stack", default="staging", help="the stack, as in Pulumi.<stack>.yaml (default: staging)")

    def add(name: str, text: str, parent: argparse.ArgumentParser) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, help=text, description=text, parents=[parent], formatter_class=argparse.RawTextHelpFormatter
        )

    upping = add("up", "create or change what the stack describes", on_stack)
    upping.add_argument("--cluster", choices=CLUSTERS, default=CLUSTERS[0], help=CLUSTER)
    preview = add("preview", "show what `up` would do; AWS is not called", on_stack)
    preview.add_argument(
        "--summary", type=Path, metavar="FILE", help="also write a Markdown summary for a pull request"
    )
    preview.add_argument("--full", type=Path, metavar="FILE", help="also write every change to FILE")
    destroy = add("destroy", "delete all that the stack made, and count what AWS still holds", on_stack)
    destroy.add_argument("--unprotect", action="store_true", help="also what is protected, as production's data is")
    serving = add("serve", "serve AWS and the providers for an ordinary pulumi and aws, until interrupted", common)
    serving.add_argument(
        "--port", type=_port, default=4566, help="of the AWS endpoint; the providers' follow (default: 4566)"
    )
    serving.add_argument("--only", metavar="NAMES", help=ONLY)
    return top


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= LAST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to {LAST_PORT}: try 4566")


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done, 1 failed with the reason on stderr, 2 wrong usage, 130 interrupted."""
    options = parser().parse_args(arguments)
    try:
        with isolated():
            from sandbox import commands  # noqa: PLC0415 - half a second that --help does not need; reads the environment

            return EXIT_OK if getattr(commands, options.command)(options) else EXIT_FAILED
    except SandboxError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("interrupted: run the same command again to go on", file=sys.stderr)
        return EXIT_INTERRUPTED
