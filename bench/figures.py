"""What samples say: medians, spreads, ratios of previews that ran side by side, and the targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.measure import Sample
from bench.programs import Kind, Subject

OVERHEAD_LIMIT = 1.25
COMMAND_LIMIT = 1.5
GROWTH_LIMIT = 1.3
GROWTH_FROM, GROWTH_TO = 2, 40  # services between which the growth is judged

Samples = Mapping[tuple[Subject, Kind], Sequence[Sample]]
"""In the order of the rounds, so that samples at the same place ran next to each other."""


@dataclass(frozen=True)
class Figure:
    """A median, and the smallest and largest of the values."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Figure":
        return cls(median(values), min(values), max(values))

    def __str__(self) -> str:
        return f"{self.middle:.2f} ({self.least:.2f}-{self.most:.2f})"


@dataclass(frozen=True, kw_only=True)
class Target:
    what: str
    value: Figure
    limit: float

    @property
    def met(self) -> bool:
        """Judged by the median: on a shared machine single rounds say little."""
        return self.value.middle <= self.limit


def ratio(ours: Sequence[Sample], theirs: Sequence[Sample], attribute: str) -> Figure:
    """Round by round: what slowed the machine down for a while slowed both down."""
    return Figure.of([getattr(a, attribute) / getattr(b, attribute) for a, b in zip(ours, theirs, strict=True)])


def growth(small: Sequence[Sample], large: Sequence[Sample]) -> Figure:
    """Seconds per resource of the large program over those of the small one, round by round."""
    return Figure.of([(b.wall / b.resources) / (a.wall / a.resources) for a, b in zip(small, large, strict=True)])


def targets(stacks: Sequence[Subject], sizes: Mapping[int, Subject], samples: Samples) -> list[Target]:
    """What the program promises, as far as it was measured."""
    judged = ((Kind.OURS, OVERHEAD_LIMIT), (Kind.COMMAND, COMMAND_LIMIT))
    found = [
        Target(
            what=f"{stack.title}: wall time, {kind.value} over bare async",
            value=ratio(samples[stack, kind], samples[stack, Kind.BARE], "wall"),
            limit=limit,
        )
        for stack in stacks
        for kind, limit in judged
    ]
    if GROWTH_FROM in sizes and GROWTH_TO in sizes:
        small, large = (samples[sizes[size], Kind.OURS] for size in (GROWTH_FROM, GROWTH_TO))
        what = f"time per resource, {GROWTH_TO} over {GROWTH_FROM} services"
        found.append(Target(what=what, value=growth(small, large), limit=GROWTH_LIMIT))
    return found
