"""A stack file for a run without the key of its secrets: its own text, with single values put in the place of others.

Its text, because the engine reads YAML 1.2 and PyYAML YAML 1.1: what one reads and writes for the other may become
something else on the way (``00815``, ``1e3``, ``no``). PyYAML is only asked where in the text something stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from sandbox.errors import SandboxError

MERGE = "<<"
STAND_IN = "sandbox" * 5  # as long as the shortest secret that a stack file may have
# What the engine makes of the passphrase "sandbox" and of that. They protect nothing, so they are the same in every
# sandbox: what it encrypted once can be read again whatever becomes of the copy.
SALT = "v1:H5eQ/nAMJmo=:v1:li7oEuX451Y/EckH:ctVTLcfWxbUS99hhrsvQxPmc/zlIzw=="
SECRET = "v1:TqSVQvUUXIc6FVwu:cYZZ78Gu8E2ez284lzMKk9gOQDeZ5riWo4wCyeW2xxxyH3unxP1FuROZx0FrPHr8PvZx"  # noqa: S105 - see above
KEY_SETTINGS = {"secretsprovider": "passphrase", "encryptedkey": '""', "encryptionsalt": SALT}


@dataclass(frozen=True, kw_only=True)
class StackFile:
    """``text`` as the engine is to read it. At each of the ``encrypted`` keys stands ``STAND_IN``, a secret."""

    text: str
    encrypted: tuple[str, ...]

    @classmethod
    def of(cls, path: Path) -> "StackFile":
        text, root = read(path)
        settings = {name.value: value for name, value in root.value}
        found = list(_ciphers(root))
        puts = [(settings[name], value) for name, value in KEY_SETTINGS.items() if name in settings]
        puts += {id(cipher): (cipher, SECRET) for _, cipher in found}.values()  # an alias is the same node once more
        keys = (key.removeprefix("config.") for key, _ in found if key.startswith("config."))
        return cls(text=_with_salt(_replaced(text, puts), root), encrypted=tuple(keys))


def read(path: Path) -> tuple[str, yaml.MappingNode]:
    """The file's text, and where in it what stands. Raises SandboxError if the engine could make nothing of it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        root = yaml.compose(text, yaml.SafeLoader)
        if isinstance(root, yaml.MappingNode):
            _refuse_repetition(root, [])
            return text, root
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SandboxError(f"{path} is not YAML: {error}", "correct it where the message points") from None
    raise SandboxError(f"{path} is not a mapping of settings.", "give it at least `config:` with the stack's keys")


def _refuse_repetition(node: yaml.Node, around: list[yaml.Node]) -> None:
    """A key written twice in one mapping, or something that contains itself: the engine accepts neither."""
    if node in around:
        raise yaml.MarkedYAMLError(problem="it contains itself", problem_mark=node.start_mark)
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value]
        if twice := sorted({str(key) for key in keys if keys.count(key) > 1}):
            raise yaml.MarkedYAMLError(problem=f"written twice: {', '.join(twice)}", problem_mark=node.start_mark)
    for _, inner in _inside(node, ""):
        _refuse_repetition(inner, [*around, node])


def _ciphers(node: yaml.Node, key: str = "") -> Iterator[tuple[str, yaml.Node]]:
    """What is encrypted at or below ``node``: its dotted key, and where its cipher stands."""
    if isinstance(node, yaml.MappingNode) and len(node.value) == 1:
        (name, cipher) = node.value[0]
        if name.value == "secure" and cipher.tag == "tag:yaml.org,2002:str":
            yield key, cipher
            return
    for path, inner in _inside(node, key):
        yield from _ciphers(inner, path)


def _inside(node: yaml.Node, key: str) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield key if name.value == MERGE else f"{key}.{name.value}".lstrip("."), value
    elif isinstance(node, yaml.SequenceNode):
        yield from ((f"{key}[{index}]", item) for index, item in enumerate(node.value))


def _replaced(text: str, puts: list[tuple[yaml.Node, str]]) -> str:
    """The text with each node's own replaced, from the last to the first so that no other moves before its turn."""
    for node, value in sorted(puts, key=lambda put: put[0].start_mark.index, reverse=True):
        start, end = node.start_mark.index, node.end_mark.index
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            end = text.rindex("\n", start, end)  # such a text ends where the next thing begins
        text = f"{text[:start]} {value}{text[end:]}"
    return text


def _with_salt(text: str, root: yaml.MappingNode) -> str:
    """The text with our salt as its first setting, unless it has one already."""
    if not root.value:
        return f"encryptionsalt: {SALT}\n"
    if any(name.value == "encryptionsalt" for name, _ in root.value):
        return text
    first: yaml.Mark = root.value[0][0].start_mark
    joint = ", " if root.flow_style else "\n" + " " * first.column
    return f"{text[: first.index]}encryptionsalt: {SALT}{joint}{text[first.index :]}"
