"""Configurations with exactly one mistake, each with what the report of it has to contain."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from tests.support import (
    address_mistakes,
    alert_mistakes,
    cache_mistakes,
    cdn_mistakes,
    cluster_mistakes,
    database_mistakes,
    domain_mistakes,
    logging_mistakes,
    monitoring_mistakes,
    service_mistakes,
    value_mistakes,
)
from tests.support.configurations import Raw, Variant, without_lists
from tests.support.stacks import STACKS, raw

Maker = Callable[[str, Raw], Iterator[Variant]]

WITH_A_VALUE_TO_TRY: tuple[Maker, ...] = (
    address_mistakes.no_block_at_all,
    address_mistakes.an_address_that_begins_no_block,
    address_mistakes.a_block_of_a_wrong_size,
    address_mistakes.a_block_aws_would_refuse,
    address_mistakes.blocks_that_overlap,
    address_mistakes.subnets_that_overlap,
    address_mistakes.a_subnet_over_many_others,
    address_mistakes.a_subnet_outside_its_block,
    address_mistakes.a_list_of_a_wrong_length,
    alert_mistakes.a_budget_of_no_size,
    value_mistakes.a_word_that_is_no_choice,
    value_mistakes.what_production_forbids,
    cluster_mistakes.a_principal_of_another_account,
    cluster_mistakes.nobody_in_charge,
    cluster_mistakes.a_number_out_of_range,
    database_mistakes.connections_that_run_out,
    database_mistakes.storage_that_cannot_grow,
    database_mistakes.what_production_cannot_lose,
    database_mistakes.an_image_without_a_repository,
    database_mistakes.a_proxy_without_the_passwords,
    cache_mistakes.a_number_out_of_range,
    cache_mistakes.a_word_that_is_no_choice,
    cache_mistakes.nodes_without_a_transaction_log,
    cache_mistakes.nodes_that_do_not_hold_the_keyspace,
    cache_mistakes.what_production_forbids,
    monitoring_mistakes.a_number_out_of_range,
    monitoring_mistakes.what_production_forbids,
    cdn_mistakes.a_number_of_requests_that_aws_does_not_count,
    cdn_mistakes.more_for_guarded_paths_than_altogether,
    cdn_mistakes.what_is_neither_counted_nor_blocked,
    domain_mistakes.a_domain_outside_its_zone,
    domain_mistakes.a_sticky_api,
    logging_mistakes.a_number_out_of_range,
    logging_mistakes.a_pair,
    logging_mistakes.disks_that_do_not_hold_what_is_kept,
    logging_mistakes.what_production_forbids,
    service_mistakes.more_promised_than_allowed,
    service_mistakes.fewer_pods_at_most_than_at_least,
    service_mistakes.metrics_for_everybody,
    service_mistakes.an_image_without_a_repository,
    service_mistakes.a_route_of_two_services,
    service_mistakes.pods_that_nobody_counted,
    service_mistakes.a_shop_that_finds_no_nodes,
)
"""Their remedy begins with a value that, put in place of the wrong one, makes the configuration valid."""
WITH_ADVICE: tuple[Maker, ...] = (
    alert_mistakes.an_address_of_no_form,
    alert_mistakes.an_address_listed_twice,
    alert_mistakes.production_that_tells_nobody,
    alert_mistakes.a_budget_that_counts_twice,
    database_mistakes.users_that_nobody_makes,
    value_mistakes.a_misspelt_key,
    value_mistakes.a_key_nobody_knows,
    value_mistakes.a_missing_value,
    value_mistakes.another_type,
    value_mistakes.text_of_another_form,
    value_mistakes.an_endpoint_that_is_none,
    value_mistakes.zones_that_cannot_be,
    value_mistakes.a_region_that_cannot_be,
    value_mistakes.a_stack_that_does_not_belong,
    cluster_mistakes.a_principal_that_is_none,
    cluster_mistakes.zones_that_the_control_plane_cannot_be_in,
    cluster_mistakes.what_is_listed_twice,
    cluster_mistakes.more_people_than_a_trust_policy_holds,
    cluster_mistakes.a_block_that_nothing_comes_from,
    cluster_mistakes.a_block_that_is_for_documentation,
    cluster_mistakes.more_blocks_than_eks_takes,
    cluster_mistakes.production_open_to_the_internet,
    cluster_mistakes.no_node_of_use,
    cluster_mistakes.no_repository_or_none_of_ecr,
    cluster_mistakes.a_mirror_of_another_form,
    database_mistakes.a_database_of_no_size,
    cache_mistakes.more_customers_than_any_node_holds,
    cdn_mistakes.answers_for_one_that_are_kept_for_all,
    cdn_mistakes.a_path_listed_twice,
    cdn_mistakes.a_route_to_what_the_bucket_has,
    cdn_mistakes.more_paths_than_cloudfront_tells_apart,
    cdn_mistakes.more_guarded_paths_than_the_firewall_reads,
    cdn_mistakes.a_guard_where_nobody_is,
    cdn_mistakes.a_cdn_without_a_name,
    cdn_mistakes.a_key_that_two_make_up_or_nobody,
    cdn_mistakes.a_secret_in_plain_text,
    domain_mistakes.a_domain_of_no_form,
    domain_mistakes.a_domain_that_leads_nowhere,
    domain_mistakes.a_zone_beside_the_environments,
    logging_mistakes.a_number_that_disks_do_not_suit,
    service_mistakes.what_is_not_there_to_be_reached,
    service_mistakes.a_service_called_as_the_data_are,
    service_mistakes.what_the_secret_says_already,
    service_mistakes.a_service_of_no_form,
    service_mistakes.a_value_of_a_service_out_of_bounds,
)
MAKERS = WITH_A_VALUE_TO_TRY + WITH_ADVICE


@dataclass(frozen=True)
class Mistake:
    """One wrong value in an otherwise valid configuration, and where and how it has to be reported."""

    stack: str
    raw: Raw
    key: str
    shown: str
    """What the user wrote, as the report has to show it."""


def mistakes(make: Maker) -> Iterator[Mistake]:
    """All mistakes of one kind, in each stack file as it is and with its subnets left to the planner."""
    for stack, base in _bases():
        for wrong, key, shown in make(stack, base):
            yield Mistake(stack, wrong, key, shown)


@cache
def _bases() -> list[tuple[str, Raw]]:
    """Never changed: every mistake is made in a copy."""
    return [(stack, base) for stack in STACKS for base in (raw(stack), without_lists(raw(stack)))]
