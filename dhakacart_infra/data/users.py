"""The users of the database: one that owns the data and migrates them, one for the application.

Their passwords are made once, in the environment's first stack, and copied to the peer's region as the data are: there
they are found by the same names.
"""

from dataclasses import dataclass

from dhakacart_infra.foundation.component import Component
from dhakacart_infra.foundation.credentials import Credentials, CredentialsArgs, SecretsKey
from dhakacart_infra.foundation.naming import Kind, Naming

OWNER, APPLICATION = "owner", "application"


def secret_name(naming: Naming, role: str) -> str:
    return naming.shared(Kind.SECRET, "database", role)


@dataclass(frozen=True, kw_only=True)
class DatabaseUsersArgs:
    key: SecretsKey


class DatabaseUsers(Component, token="dhakacart:data:DatabaseUsers"):
    """``owner`` is RDS's master user; ``application`` may read and write rows, and is made by the migrations."""

    owner: Credentials
    application: Credentials

    def build(self, args: DatabaseUsersArgs) -> None:
        self.owner = self._user(OWNER, args.key)
        self.application = self._user(APPLICATION, args.key)

    def _user(self, role: str, key: SecretsKey) -> Credentials:
        named = f"{self.naming.project}_{role}".replace("-", "_")
        asked = CredentialsArgs(secret_name=secret_name(self.naming, role), username=named, key=key, copied=True)
        return Credentials(self.child_name(role), asked, self.child())
