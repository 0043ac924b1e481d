"""The only reader of ``pulumi.Config``."""

import pulumi
from pulumi.runtime import config as engine

from dhakacart_infra.config.model import StackConfig
from dhakacart_infra.config.parse import parse
from dhakacart_infra.config.problem import NAMESPACE


def load() -> StackConfig:
    """The configuration of the stack that is being deployed. Raises ``ConfigurationError`` with every mistake in it."""
    config = pulumi.Config(NAMESPACE)
    keys = _keys()
    raw = {key: value for key in keys if (value := config.get(key)) is not None}
    return parse(raw, stack=pulumi.get_stack(), secret_keys=_secret_keys(keys))


def _keys() -> list[str]:
    """Every key of our namespace, known or not: there is no public call for it, and a misspelt one must be found.

    An inline program finds them in the context, one that the engine started as a process of its own in PULUMI_CONFIG.
    """
    names = {*engine.CONFIG.get(), *engine.get_config_env()}
    prefix = f"{NAMESPACE}:"
    return sorted(name.removeprefix(prefix) for name in names if name.startswith(prefix))


def _secret_keys(keys: list[str]) -> set[str]:
    secret = set(engine.get_config_secret_keys_env())
    return {key for key in keys if (full := f"{NAMESPACE}:{key}") in secret or engine.is_config_secret(full)}
