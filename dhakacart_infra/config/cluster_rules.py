"""What must hold of the cluster and the registry: who may reach what, in which account, for how long it is kept."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from dhakacart_infra.config.addresses import MIN_ZONES
from dhakacart_infra.config.cluster import ADMINISTRATOR, MAX_PUBLIC_BLOCKS
from dhakacart_infra.config.leaves import OWN_ADDRESS
from dhakacart_infra.config.principals import TRUST_CHARACTERS, trust_characters
from dhakacart_infra.config.problem import Problem
from dhakacart_infra.config.rulebook import PRODUCTION, Rulebook, Texts, in_production, kept_too_short, repeated

PUBLIC = "cluster.public_access_cidrs"
CONTROL_PLANE = "cluster.control_plane_zones"
REPOSITORIES = "registry.repositories"
WIDEST_IN_PRODUCTION = 8  # the most that was ever handed to one organisation: what is wider is the internet
# EKS refuses them, a minute into the deployment. They may stand here beside the account that AWS keeps for its own
# documentation, which no credentials are of: a stack file that nobody has made theirs yet is for the sandbox.
DOCUMENTATION = tuple(map(IPv4Network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")))  # RFC 5737
DOCUMENTATION_ACCOUNT = "123456789012"

Blocks = tuple[IPv4Network | None, ...]

RULES = Rulebook()


@RULES.reads(PUBLIC)
def public_blocks_are_within_the_quota(blocks: Blocks) -> Iterator[Problem]:
    if len(blocks) > MAX_PUBLIC_BLOCKS:
        yield Problem(
            key=PUBLIC,
            reason=f"lists {len(blocks)}, and EKS takes {MAX_PUBLIC_BLOCKS}",
            allowed=f"up to {MAX_PUBLIC_BLOCKS} blocks",
            remedy="larger blocks that hold several of these, or one VPN's",
        )


@RULES.reads(PUBLIC)
def no_public_block_is_listed_twice(blocks: Blocks) -> Iterator[Problem]:
    return repeated(PUBLIC, blocks)


@RULES.reads("account_id", PUBLIC)
def public_blocks_exist_outside_documentation(account_id: str, blocks: Blocks) -> Iterator[Problem]:
    for index, block in enumerate(blocks):
        if block and account_id != DOCUMENTATION_ACCOUNT and any(map(block.subnet_of, DOCUMENTATION)):
            yield Problem(
                key=f"{PUBLIC}[{index}]",
                reason="is for documentation alone, and EKS refuses it",
                allowed="blocks of the internet that are yours",
                remedy=OWN_ADDRESS,
            )


@RULES.reads("environment", PUBLIC)
def production_is_not_open_to_the_internet(environment: str, blocks: Blocks) -> Iterator[Problem]:
    for index, block in enumerate(blocks):
        if environment == PRODUCTION and block and block.prefixlen < WIDEST_IN_PRODUCTION:
            reason = f"opens the Kubernetes API to {block.num_addresses:,} addresses"
            allowed = f"blocks of /{WIDEST_IN_PRODUCTION} or smaller that are yours"
            yield in_production(f"{PUBLIC}[{index}]", reason, allowed, OWN_ADDRESS)


@RULES.reads("cluster.administrators")
def someone_is_an_administrator(principals: Texts) -> Iterator[Problem]:
    if not principals:
        yield Problem(
            key="cluster.administrators",
            reason="names nobody, and whoever creates the cluster is no administrator by that alone",
            allowed="at least one permission set, IAM role or user",
            remedy=f"[{ADMINISTRATOR}]",
        )


def _principals(role: str) -> None:
    """Rules that hold for each list of principals."""
    key = f"cluster.{role}"

    @RULES.reads(key)
    def no_principal_is_listed_twice(principals: Texts) -> Iterator[Problem]:
        return repeated(key, principals)

    @RULES.reads("account_id", key)
    def principals_are_of_the_account(account_id: str, principals: Texts) -> Iterator[Problem]:
        for index, principal in enumerate(principals):
            if principal and principal.startswith("arn:") and (theirs := principal.split(":")[4]) != account_id:
                yield Problem(
                    key=f"{key}[{index}]",
                    reason=f"is of account {theirs}, and roles are taken from within the account",
                    allowed=f"roles and users of account_id ({account_id})",
                    remedy=principal.replace(theirs, account_id, 1),
                )


for _role in ("administrators", "deployers", "readers"):
    _principals(_role)


@RULES.reads("account_id", "cluster.administrators", "cluster.deployers", "cluster.readers")
def a_trust_policy_holds_everyone(account_id: str, administrators: Texts, *others: Texts) -> Iterator[Problem]:
    """Administrators may take the lesser roles as well, so they count in each."""
    for role, listed in zip(("administrators", "deployers", "readers"), ((), *others), strict=True):
        people = {principal for principal in (*administrators, *listed) if principal}
        characters = trust_characters(people, account_id)
        if characters > TRUST_CHARACTERS:
            yield Problem(
                key=f"cluster.{role}",
                reason=f"takes {characters:,} characters for {len(people)} principals in the role's trust policy, "
                f"and IAM takes {TRUST_CHARACTERS:,}",
                allowed="some 17 permission sets or fewer, administrators included",
                remedy="one permission set for the whole team",
            )
            return


@RULES.reads(CONTROL_PLANE)
def the_control_plane_is_in_two_zones(zones: Texts | None) -> Iterator[Problem]:
    if zones is not None and len(zones) < MIN_ZONES:
        yield Problem(
            key=CONTROL_PLANE,
            reason=f"lists {len(zones)}, and EKS asks for subnets in {MIN_ZONES} zones",
            allowed=f"{MIN_ZONES} or more of network.availability_zones",
            remedy="two of them, or leaving it out: then it is the first two in the alphabet",
        )


@RULES.reads(CONTROL_PLANE, "network.availability_zones")
def the_control_plane_is_in_zones_of_the_network(zones: Texts | None, networks: Texts) -> Iterator[Problem]:
    known = [zone for zone in networks if zone is not None]
    for index, zone in enumerate(zones or ()):
        if zone is not None and zone not in known:
            yield Problem(
                key=f"{CONTROL_PLANE}[{index}]",
                reason="is not a zone of the network",
                allowed=f"the zones of network.availability_zones ({', '.join(known)})",
                remedy=next((one for one in known if one not in (zones or ())), "removing it here"),
            )


@RULES.reads(CONTROL_PLANE)
def no_zone_of_the_control_plane_is_listed_twice(zones: Texts | None) -> Iterator[Problem]:
    return repeated(CONTROL_PLANE, zones or ())


@RULES.reads("environment", "cluster.log_retention_days")
def production_keeps_the_control_planes_logs(environment: str, days: int) -> Iterator[Problem]:
    return kept_too_short("cluster.log_retention_days", environment, days)


@RULES.reads(REPOSITORIES)
def there_is_a_repository(repositories: Texts) -> Iterator[Problem]:
    if not repositories:
        reason = "names no service, so there is no image to run"
        yield Problem(key=REPOSITORIES, reason=reason, allowed="at least one service", remedy="[backend, frontend]")


@RULES.reads(REPOSITORIES)
def no_repository_is_listed_twice(repositories: Texts) -> Iterator[Problem]:
    return repeated(REPOSITORIES, repositories)
