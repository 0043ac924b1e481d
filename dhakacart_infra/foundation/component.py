"""The base of every component: its type token, its children's options, and what is protected.

A component says what it is (``token=``), takes a frozen arguments object, and makes its children in ``build``.
Every attribute annotated in the class body is its public surface and must be set by then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pulumi

from dhakacart_infra.config import StackConfig
from dhakacart_infra.foundation.artifacts import Artifacts
from dhakacart_infra.foundation.naming import Naming
from dhakacart_infra.foundation.tags import launch_tags


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What holds for a whole environment; a component inherits it from its parent."""

    naming: Naming
    artifacts: Artifacts
    launch_tags: Mapping[str, str]
    """For what AWS starts on our behalf (instances, volumes): the provider's default tags do not reach it."""
    protect_data: bool
    """Stateful resources cannot be deleted or replaced; true in production, false where ``destroy`` must work."""

    def elsewhere(self, region: str) -> "Scope":
        """The same environment's in another region: for the component that is given the provider of that region."""
        return replace(self, naming=self.naming.elsewhere(region))

    @classmethod
    def of(cls, config: StackConfig, project: str) -> "Scope":
        """That of the environment which a stack's configuration describes."""
        naming = Naming(
            project=project,
            environment=config.environment,
            region=config.region,
            account_id=config.account_id,
        )
        return cls(
            naming=naming,
            artifacts=Artifacts.of(naming, charts=config.mirrors.charts, images=config.mirrors.images),
            launch_tags=launch_tags(config, project),
            protect_data=config.protect_data,
        )


class Component(pulumi.ComponentResource):
    """``args`` carries a ``scope`` only where the parent component's is not to be inherited, or there is none."""

    token: ClassVar[str]
    scope: Scope

    def __init_subclass__(cls, *, token: str, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.token = token

    def __init__(self, name: str, args: Any, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.token, name, None, opts)
        self.scope = getattr(args, "scope", None) or self._inherited(opts)
        self._logical_name = name
        self.build(args)
        self.register_outputs(self._outputs())

    def _inherited(self, opts: pulumi.ResourceOptions | None) -> Scope:
        parent = opts.parent if opts else None
        if not isinstance(parent, Component):
            raise TypeError(f"{type(self).__name__} has neither a parent component nor arguments with a scope")
        return parent.scope

    def build(self, args: Any) -> None:
        """Make the children and set every annotated attribute."""
        raise TypeError(f"{type(self).__name__} has no build: define one, it makes the children")

    @property
    def naming(self) -> Naming:
        return self.scope.naming

    @property
    def artifacts(self) -> Artifacts:
        return self.scope.artifacts

    def child_name(self, role: str) -> str:
        """A child's logical name. ``role`` is fixed text, never a configured value: a changed name is a replacement."""
        return f"{self._logical_name}-{role}"

    def in_zone(self, role: str, zone: str) -> str:
        """The logical name of what there is one of in each zone: by the zone's letter, the region being the stack's."""
        return self.child_name(f"{role}-{zone[-1]}")

    def child(
        self,
        *,
        stateful: bool = False,
        makes_way: bool = False,
        depends_on: Sequence[pulumi.Resource] | None = None,
        providers: list[pulumi.ProviderResource] | None = None,
    ) -> pulumi.ResourceOptions:
        """Options of a child. ``depends_on`` is for an edge that no value carries, and wants a comment.

        What ``makes_way`` cannot stand beside its successor, and is deleted before it.

        ``providers`` are handed to a child component beside those it inherits.
        """
        return pulumi.ResourceOptions(
            parent=self,
            delete_before_replace=makes_way or None,
            protect=True if stateful and self.scope.protect_data else None,
            depends_on=depends_on,
            providers=providers,
        )

    def _outputs(self) -> dict[str, pulumi.Output[Any]]:
        surface = {name: getattr(self, name, None) for name in type(self).__annotations__}
        unset = [name for name, value in surface.items() if value is None]
        if unset:
            raise AttributeError(f"{type(self).__name__}.build left {', '.join(unset)} unset")
        return {name: value for name, value in surface.items() if isinstance(value, pulumi.Output)}
