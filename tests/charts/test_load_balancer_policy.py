"""What the load balancer controller may do belongs to the release that is pinned."""

import json

from dhakacart_infra.cluster.addons.load_balancer_permissions import load_balancer_permissions
from dhakacart_infra.config.versions import LOAD_BALANCER_CONTROLLER
from dhakacart_infra.foundation.naming import Naming
from tests.support import charts

NAMING = Naming(project="shop", environment="test", region="ap-south-1", account_id="123456789012")


def test_it_may_do_nothing_that_its_release_does_not_ask_for():
    release = charts.folder(LOAD_BALANCER_CONTROLLER).parent.parent
    published = json.loads((release / "docs" / "install" / "iam_policy.json").read_text())["Statement"]
    asked_for = {action for statement in published for action in statement["Action"]}
    ours = load_balancer_permissions(NAMING, "shop-test-aps1")
    assert {action for statement in ours for action in statement["Action"]} <= asked_for
