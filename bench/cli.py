"""The command line: ``python -m bench``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

DESCRIPTION = """\
Measure previews on the real engine and simulated providers: of this program (ours), of a flat program that registers
the same resources in the SDK's asynchronous main (bare async), and of the same the ordinary way (flat). Then how a
preview grows with the number of services, up to 40. docs/benchmark.md says how to read it."""
ROUNDS, GROWTH_ROUNDS = 5, 3
SIZES = (2, 10, 20, 40)
QUICK_SIZES = (2,)
EXIT_OK, EXIT_FAILED, EXIT_INTERRUPTED = 0, 1, 130


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="bench", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    top.add_argument(
        "--stack", action="append", metavar="NAME", help="a stack to measure, may be repeated (default: all)"
    )
    top.add_argument("--rounds", type=_positive, metavar="N", help=f"previews of each program (default: {ROUNDS})")
    top.add_argument("--quick", action="store_true", help="one round of one stack and one size: that it works, no more")
    top.add_argument("--no-growth", action="store_true", help="leave the growth with more services out")
    top.add_argument("--json", type=Path, metavar="FILE", help="also write every sample to FILE")
    top.add_argument("--programs", type=Path, metavar="DIR", help="keep the programs that were measured, to read them")
    top.add_argument("--check", action="store_true", help="exit with 1 if a target is missed")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done, 1 failed (or a target missed, with --check), 2 wrong usage, 130 interrupted."""
    options = parser().parse_args(arguments)
    from bench.run import run  # noqa: PLC0415 - two seconds of imports that --help does not need
    from sandbox.errors import SandboxError  # noqa: PLC0415

    try:
        met = run(options)
    except SandboxError as error:
        print(f"error: {error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("interrupted: nothing is kept of a benchmark that did not end", file=sys.stderr)
        return EXIT_INTERRUPTED
    return EXIT_OK if met or not options.check else EXIT_FAILED


def _positive(text: str) -> int:
    if not text.isdigit() or text == "0":
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of rounds: 1 or more, 5 is usual")
    return int(text)
