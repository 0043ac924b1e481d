"""What the load balancer controller may do belongs to the release that is pinned."""

from pathlib import Path

from dhakacart_infra.cluster.addons.load_balancer_permissions import load_balancer_permissions
from dhakacart_infra.config.versions import LOAD_BALANCER_CONTROLLER
from dhakacart_infra.foundation.naming import Naming

NAMING = Naming(project="shop", environment="test", region="ap-south-1", account_id="123456789012")
PUBLISHED = (Path(__file__).parent / "load_balancer_actions.txt").read_text()


def test_the_list_of_what_it_asks_for_is_of_the_pinned_release():
    assert f" v{LOAD_BALANCER_CONTROLLER.version} " in PUBLISHED.splitlines()[0]


def test_it_may_do_nothing_that_its_release_does_not_ask_for():
    ours = load_balancer_permissions(NAMING, "shop-test-aps1")
    granted = {action for statement in ours for action in statement["Action"]}
    assert granted <= set(PUBLISHED.splitlines()[1:])
