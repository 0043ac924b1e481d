"""The users of the database: one that owns it, one that migrates it, and two of the application's that take turns.

Their passwords are made once, in the environment's first stack, and copied to the peer's region as the data are: there
they are found by the same names. A new generation gives everybody a new password but the user that the application
connects as: that is the other one from then on, so whoever connects as the first goes on (docs/adr/0022).
"""

from dataclasses import dataclass

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.credentials import Credentials, CredentialsArgs, SecretsKey
from dhakacart_infra.foundation.naming import Kind, Naming

OWNER, MIGRATIONS = "owner", "migrations"
APPLICATION = ("application_a", "application_b")
USERS = (OWNER, MIGRATIONS, *APPLICATION)


def application_user(generation: int) -> str:
    """Whom the application connects as."""
    return APPLICATION[(generation - 1) % len(APPLICATION)]


def secret_name(naming: Naming, user: str) -> str:
    return naming.shared(Kind.SECRET, "database", user)


@dataclass(frozen=True, kw_only=True)
class DatabaseUsersArgs:
    key: SecretsKey
    generation: int


class DatabaseUsers(Component, token="dhakacart:data:DatabaseUsers"):
    """``owner`` is RDS's master user, and makes the others."""

    owner: Credentials
    application: tuple[Credentials, ...]
    everybody: tuple[Credentials, ...]

    def build(self, args: DatabaseUsersArgs) -> None:
        made = {user: self._user(user, args) for user in USERS}
        self.owner = made[OWNER]
        self.application = tuple(made[user] for user in APPLICATION)
        self.everybody = tuple(made.values())

    def _user(self, user: str, args: DatabaseUsersArgs) -> Credentials:
        # RDS refuses some short names for its master user: the project's is in front.
        username = f"{self.naming.project}_{OWNER}".replace("-", "_") if user == OWNER else user
        asked = CredentialsArgs(
            secret_name=secret_name(self.naming, user),
            username=username,
            key=args.key,
            copied=True,
            generation=generations(args.generation)[user],
        )
        return Credentials(self.child_name(user.replace("_", "-")), asked, self.child())


def generations(generation: int) -> dict[str, int]:
    """Of each user's password: that of the one who rests is the one from before."""
    resting = {user: generation - 1 for user in APPLICATION if user != application_user(generation)}
    return dict.fromkeys(USERS, generation) | resting
