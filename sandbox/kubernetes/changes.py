"""What separates two versions of an object, and how the API server merges one into the other."""

from collections.abc import Iterator
from typing import Any

from sandbox.kubernetes.plain import is_list, is_map
from sandbox.kubernetes.schemas import dotted
from sandbox.providers.properties import Props
from sandbox.providers.provider import Difference
from sandbox.providers.table import KINDS

Path = tuple[str | int, ...]
MISSING = object()


def difference(old: Props, new: Props, replaced: tuple[str, ...]) -> Difference:
    """Every path that differs; ``replaced`` are those for which, or for anything below which, a new object is made."""
    changed: dict[str, Any] = {}
    replaces: list[str] = []
    for path, before, after in _differing(old, new, ()):
        name, replace = dotted(list(path)), touches(path, replaced)
        how = "add" if before is MISSING else "delete" if after is MISSING else "update"
        changed[name] = KINDS[how, replace]
        if replace:
            replaces.append(name)
    return Difference(changed=changed, replaces=tuple(replaces))


def touches(path: Path, fields: tuple[str, ...]) -> bool:
    """Whether a change at the path changes one of the fields: it is one, lies below one, or takes one away."""
    names = [part for part in path if isinstance(part, str)]
    return any(all(a == b for a, b in zip(names, field.split("."), strict=False)) for field in fields)


def _differing(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    if is_map(old) and is_map(new):
        for name in sorted(old.keys() | new.keys()):
            yield from _differing(old.get(name, MISSING), new.get(name, MISSING), (*path, name))
    elif is_list(old) and is_list(new):
        for index in range(max(len(old), len(new))):
            before, after = (items[index] if index < len(items) else MISSING for items in (old, new))
            yield from _differing(before, after, (*path, index))
    elif old != new:
        yield path, old, new


def applied(live: Any, old: Any, new: Any) -> Any:
    """What stands after an update: ``new``, without what only ``old`` had, and with what others have set."""
    if not (is_map(live) and is_map(new)):
        return new
    former: Props = old if is_map(old) else {}
    kept = {name: value for name, value in live.items() if name in new or name not in former}
    return kept | {name: applied(live.get(name), former.get(name), value) for name, value in new.items()}


def pruned(live: Any, shape: Any) -> Any:
    """As much of what stands as the shape has names for: what the program asked for, as it is now."""
    if is_map(live) and is_map(shape):
        return {name: pruned(live[name], value) for name, value in shape.items() if name in live}
    if is_list(live) and is_list(shape) and len(live) == len(shape):
        return [pruned(item, part) for item, part in zip(live, shape, strict=True)]
    return live
