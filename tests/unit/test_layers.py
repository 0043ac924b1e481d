"""Imports go one way: a module imports its own layer and those above it in this list."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = "dhakacart_infra"
LAYERS = (
    "config",
    "foundation",
    "network",
    "security",
    "cluster",
    "data",
    "workloads",
    "edge",
    "observability",
    "resilience",
    "environment",
)
MODULES = sorted((ROOT / PACKAGE).rglob("*.py"))


def layer(dotted: str) -> str | None:
    parts = dotted.split(".")
    return parts[1] if parts[0] == PACKAGE and len(parts) > 1 else None


def imported(source: str) -> set[str]:
    """Every module that the source imports, relative imports refused."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names.add(node.module or "")
    return names


def upward(own: str, source: str) -> list[str]:
    layers = {found for name in imported(source) if (found := layer(name))}
    return [found for found in layers if LAYERS.index(found) > LAYERS.index(own)]


def test_a_module_imports_nothing_from_a_later_layer():
    for path in MODULES:
        own = layer(".".join(path.relative_to(ROOT).with_suffix("").parts))
        if own and own != "__init__":
            assert own in LAYERS, f"{own} is no layer: add it where it belongs"
            assert upward(own, path.read_text()) == [], path


def test_an_upward_import_would_be_found():
    assert upward("foundation", "from dhakacart_infra.network.vpc import Vpc") == ["network"]


def test_only_the_loader_reads_pulumi_config():
    reading = [path for path in MODULES if "pulumi.Config(" in path.read_text()]
    assert reading == [ROOT / PACKAGE / "config" / "load.py"]


def test_every_test_file_is_collected_or_is_support():
    for path in (ROOT / "tests").rglob("*.py"):
        assert ("def test_" in path.read_text()) == path.name.startswith("test_"), path
