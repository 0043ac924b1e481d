"""What must hold of alerts: production's reach somebody, and a budget is counted once."""

from collections.abc import Iterator

from dhakacart_infra.config.cluster_rules import DOCUMENTATION_ACCOUNT
from dhakacart_infra.config.domain_rules import RESERVED
from dhakacart_infra.config.problem import Problem
from dhakacart_infra.config.rulebook import PRODUCTION, STACK, Rulebook, Texts, in_production, repeated

EMAILS, BUDGET = "alerts.emails", "alerts.monthly_budget_usd"
NOBODY_S = (*RESERVED, "@example.com", "@example.net", "@example.org")  # RFC 2606

RULES = Rulebook()


@RULES.reads(EMAILS)
def no_address_is_listed_twice(emails: Texts) -> Iterator[Problem]:
    return repeated(EMAILS, emails)


@RULES.reads("environment", EMAILS)
def production_tells_somebody(environment: str, emails: Texts) -> Iterator[Problem]:
    if environment == PRODUCTION and not emails:
        yield in_production(
            EMAILS, "tells nobody when the shop is down", "one address or more", "[your team's address]"
        )


@RULES.reads("account_id", EMAILS)
def addresses_can_be_somebody_s(account: str, emails: Texts) -> Iterator[Problem]:
    for index, email in enumerate(emails):
        if email and account != DOCUMENTATION_ACCOUNT and email.lower().endswith(NOBODY_S):
            yield Problem(
                key=f"{EMAILS}[{index}]",
                reason="is for documentation: nobody reads what is sent there",
                allowed="addresses that somebody reads",
                remedy="an address of your team",
            )


@RULES.reads(STACK, "environment", "peer", BUDGET)
def one_stack_counts_the_account(stack: str, environment: str, peer: object, dollars: int | None) -> Iterator[Problem]:
    if dollars and stack != environment:
        yield Problem(
            key=BUDGET,
            reason=f"would count the account's cost a second time: {environment} has its budget",
            allowed=f"nothing, in any stack but {environment}",
            remedy=f"removing it here, and the whole amount in {environment}",
        )
