"""When each resource was begun and done, in the order of the engine's events."""

from collections.abc import Callable
from dataclasses import dataclass

from pulumi import automation

from tests.support.graph import name_of


@dataclass
class Timeline:
    begun: dict[str, int]
    done: dict[str, int]
    types: dict[str, str]

    @classmethod
    def of(cls, run: Callable[..., object]) -> "Timeline":
        """That of a command of the Automation API, run here."""
        events: list[automation.EngineEvent] = []
        run(on_event=events.append, show_secrets=False)
        begun, done, types = dict[str, int](), dict[str, int](), dict[str, str]()
        for number, event in enumerate(events):
            if event.resource_pre_event:
                step = event.resource_pre_event.metadata
                begun[name_of(step.urn)] = number
                types[name_of(step.urn)] = step.type
            if event.res_outputs_event:
                done[name_of(event.res_outputs_event.metadata.urn)] = number
        return cls(begun, done, types)

    def names(self, *types: str) -> list[str]:
        found = [name for name, kind in self.types.items() if kind.startswith(types)]
        assert found, f"nothing of {', '.join(types)} was there"
        return found

    def assert_before(self, earlier: list[str], later: list[str]) -> None:
        """Each of the earlier is done before any of the later begins."""
        for first in earlier:
            for second in later:
                assert self.done[first] < self.begun[second], f"{second} began before {first} was done"
