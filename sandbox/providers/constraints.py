"""What a real provider refuses, and what makes it replace: one small table a resource type.

Each table is read from the provider's source (``source`` names the file: of terraform-provider-aws where it names no
other), so that a preview in the sandbox refuses and replaces what a preview against AWS would.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Inputs = Mapping[str, Any]
Group = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Constraints:
    """Property names are Pulumi's (``cidrBlock``); a nested one is a path (``destinationOptions.fileFormat``)."""

    source: str
    inputs: frozenset[str]
    """Every input the real provider knows, so that a misspelt one is an error and not silence."""
    required: Group = ()
    replaces: frozenset[str] = frozenset()
    """ForceNew, and what the provider's CustomizeDiff turns into a replacement."""
    conflicts: tuple[Group, ...] = ()
    """Of each group at most one may be set."""
    exactly_one: tuple[Group, ...] = ()
    at_least_one: tuple[Group, ...] = ()
    together: Mapping[str, Group] = field(default_factory=dict[str, Group])
    """RequiredWith: an input, and what must be set beside it."""
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    """Inclusive bounds: of a number, or of a string's length."""
    defaults: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the provider fills in where the program is silent; in a nested object only if the program gives that."""
    computed: frozenset[str] = frozenset()
    """Optional and Computed: leaving it out of the program later is no change, AWS keeps what it has."""
    sets: frozenset[str] = frozenset()
    """Lists in which order means nothing (schema.TypeSet)."""
    documents: frozenset[str] = frozenset()
    """JSON in which white space and key order mean nothing."""
    checks: tuple[Callable[[Inputs], "str | None"], ...] = ()
    """The rest: each says what is wrong with the inputs in the provider's words, or nothing."""
    replaces_when: Callable[[Inputs, Inputs], frozenset[str]] | None = None
    """CustomizeDiff: from the old and new inputs, what else must be replaced."""
    suppressed_when: Callable[[str, Inputs, Inputs], bool] | None = None
    """DiffSuppressFunc: whether a change of the named input, between the old and new ones, is none."""
    delete_before_replace: bool = False
    """The new one cannot stand beside the old one (a fixed name, an address)."""
