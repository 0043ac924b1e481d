"""Every test starts from the same place: no AWS credentials, no Pulumi settings, an event loop of its own."""

import asyncio
import gc
import os

import pytest

# The SDK's modules are a million objects, and the collector would look through them again and again: a fifth of a tier.
gc.set_threshold(500_000, 50, 50)


def pytest_collection() -> None:
    """Few examples of each property, so that a tier stays fast; ``make test-properties`` tries many."""
    from hypothesis import settings  # noqa: PLC0415 - before the workers begin, there is no time for it

    settings.register_profile("tier", max_examples=int(os.environ.get("EXAMPLES", "15")), deadline=None)
    settings.load_profile("tier")


def pytest_collection_finish() -> None:
    gc.freeze()


def pytest_unconfigure() -> None:
    gc.freeze()  # pytest then collects five times over, to find what broke while it was thrown away: seconds


@pytest.fixture(autouse=True)
def hermetic_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("AWS_", "PULUMI_", "MOTO_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")  # half a second an account, for images nobody asks for


@pytest.fixture(autouse=True)
def own_event_loop():
    from pulumi.runtime import settings  # noqa: PLC0415 - as above

    # The SDK keeps what it still waits for in the process: another test's would be of a loop that is closed.
    settings.SETTINGS.outputs.clear()
    settings.SETTINGS.rpc_manager.clear()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Where the end of a long run is all that is kept, it says how to repeat the order and the sample."""
    if seed := config.getoption("randomly_seed", None):
        terminalreporter.write_line(f"ARGS='--randomly-seed={seed}' repeats it")
