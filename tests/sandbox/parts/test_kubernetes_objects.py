"""Objects in the simulated Kubernetes: named, refused, replaced, changed and deleted as before a real API server."""

import pytest

from sandbox.kubernetes.cluster import Cluster
from sandbox.providers.properties import UNKNOWN
from sandbox.providers.provider import ResourceError
from tests.support.kubernetes import DEPLOYMENT, NAMESPACE, URL, Kubernetes, deployment, kubeconfig, thing

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
SECRET = "kubernetes:core/v1:Secret"
SERVICE = "kubernetes:core/v1:Service"
STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"


def storage(**fields):
    fields = {"provisioner": "ebs.csi.aws.com", "volumeBindingMode": "WaitForFirstConsumer", **fields}
    return thing("storage.k8s.io/v1", "StorageClass", "gp3", **fields)


@pytest.fixture
def kubernetes(tmp_path):
    return Kubernetes(tmp_path)


def test_a_namespace_must_exist_before_what_lives_in_it(kubernetes):
    with pytest.raises(ResourceError, match='namespaces "shop" not found'):
        kubernetes.make(DEPLOYMENT, deployment(namespace="shop"))
    kubernetes.namespace("shop")
    assert kubernetes.make(DEPLOYMENT, deployment(namespace="shop")).id == "shop/web"


def test_what_names_no_namespace_lives_in_the_default_one(kubernetes):
    made = kubernetes.make(DEPLOYMENT, deployment())
    assert (made.id, made.state["metadata"]["namespace"]) == ("default/web", "default")
    assert not kubernetes.diff(made, deployment(namespace="default")).changed


def test_the_provider_s_own_namespace_is_the_default(kubernetes):
    kubernetes.namespace("shop")
    kubernetes.config["namespace"] = "shop"
    assert kubernetes.make(DEPLOYMENT, deployment()).id == "shop/web"


def test_what_lives_in_no_namespace_is_known_by_its_name(kubernetes):
    assert kubernetes.make(STORAGE_CLASS, storage()).id == "gp3"


def test_a_new_cluster_has_the_namespaces_of_every_cluster(kubernetes):
    assert kubernetes.standing("Namespace") == {"default", "kube-node-lease", "kube-public", "kube-system"}
    with pytest.raises(ResourceError, match='namespaces "kube-system" already exists'):
        kubernetes.namespace("kube-system")


def test_an_object_without_a_name_gets_one_and_keeps_it(kubernetes):
    nameless = deployment(name=None)
    made = kubernetes.make(DEPLOYMENT, nameless, "web")
    assert made.state["metadata"]["name"] == "web-01234567"
    assert not kubernetes.diff(made, nameless).changed


def test_two_objects_of_one_kind_cannot_have_the_same_name(kubernetes):
    kubernetes.make(DEPLOYMENT, deployment())
    with pytest.raises(ResourceError, match=r'deployments\.apps "web" already exists'):
        kubernetes.make(DEPLOYMENT, deployment(), "another")


def test_replacing_a_named_object_deletes_it_first_and_an_unnamed_one_last(kubernetes):
    named = kubernetes.make(DEPLOYMENT, deployment())
    unnamed = kubernetes.make(DEPLOYMENT, deployment(name=None))
    other = {"selector": {"matchLabels": {"app": "api"}}}
    other["template"] = {
        "metadata": {"labels": {"app": "api"}},
        "spec": {"containers": [{"name": "api", "image": "api"}]},
    }
    first, last = kubernetes.diff(named, deployment(**other)), kubernetes.diff(unnamed, deployment(name=None, **other))
    assert first.replaces == last.replaces == ("spec.selector.matchLabels.app",)
    assert (first.delete_before_replace, last.delete_before_replace) == (True, False)


def test_another_name_or_namespace_is_another_object_that_can_stand_beside_the_old_one(kubernetes):
    made = kubernetes.make(DEPLOYMENT, deployment())
    assert kubernetes.diff(made, deployment("api")).replaces == ("metadata.name",)
    moved = kubernetes.diff(made, deployment(namespace="shop"))
    assert (moved.replaces, moved.delete_before_replace) == (("metadata.namespace",), False)


@pytest.mark.parametrize("kind", ["ConfigMap", "Secret"])
def test_data_replaces_unless_the_provider_is_told_that_it_may_change(kubernetes, kind):
    old, new = (thing("v1", kind, "settings", data={"key": text}) for text in ("YQ==", "Yg=="))
    made = kubernetes.make(f"kubernetes:core/v1:{kind}", old)
    assert kubernetes.diff(made, new).replaces == ("data.key",)
    kubernetes.config[f"enable{kind}Mutable"] = "true"
    assert kubernetes.diff(made, new).replaces == ()
    assert kubernetes.diff(made, {**new, "immutable": True}).replaces == ("data.key",)


def test_an_update_keeps_what_others_set_and_takes_away_what_the_program_dropped(kubernetes):
    made = kubernetes.make(DEPLOYMENT, deployment(replicas=2, paused=True))
    live = next(value for value in kubernetes.provider.objects(URL) if value["kind"] == "Deployment")
    live["spec"]["minReadySeconds"] = 9
    spec = kubernetes.change(made, deployment(replicas=5))["spec"]
    assert (spec["replicas"], spec["minReadySeconds"]) == (5, 9)
    assert "paused" not in spec


def test_a_refresh_shows_what_others_changed_of_what_the_program_asked_for(kubernetes):
    made = kubernetes.make(DEPLOYMENT, deployment(replicas=2))
    live = next(value for value in kubernetes.provider.objects(URL) if value["kind"] == "Deployment")
    live["spec"] |= {"replicas": 7, "minReadySeconds": 9}
    seen = kubernetes.refresh(made)
    assert seen.inputs["spec"] == {**deployment()["spec"], "replicas": 7}
    assert set(kubernetes.diff(seen, deployment(replicas=2)).changed) == {"spec.replicas"}


def test_what_others_deleted_is_gone_after_a_refresh_and_may_be_deleted_again(kubernetes):
    made = kubernetes.make(DEPLOYMENT, deployment())
    kubernetes.delete(made)
    assert kubernetes.refresh(made) is None
    kubernetes.delete(made)
    with pytest.raises(ResourceError, match='"web" not found'):
        kubernetes.change(made, deployment(replicas=2))


def test_what_stands_already_can_be_imported(kubernetes):
    made = kubernetes.make(DEPLOYMENT, deployment())
    _, inputs = kubernetes.provider.read(kubernetes.call(DEPLOYMENT, "it", "default/web"), {}, {})
    assert inputs == deployment(namespace="default")
    assert made.state["metadata"]["uid"]


def test_a_namespace_takes_everything_in_it_along(kubernetes):
    shop = kubernetes.namespace("shop")
    made = kubernetes.make(DEPLOYMENT, deployment(namespace="shop"))
    kubernetes.delete(shop)
    assert kubernetes.refresh(made) is None
    kubernetes.delete(made)


def test_the_namespaces_of_every_cluster_cannot_be_deleted(kubernetes):
    made = kubernetes.namespace("shop")
    made.id = "kube-system"
    with pytest.raises(ResourceError, match='"kube-system" is forbidden: this namespace may not be deleted'):
        kubernetes.delete(made)


def test_plain_secret_data_is_encoded_and_is_no_change_later(kubernetes):
    given = thing("v1", "Secret", "key", stringData={"token": "sesame"})
    made = kubernetes.make(SECRET, given)
    assert made.state["data"] == {"token": "c2VzYW1l"}
    assert not kubernetes.diff(kubernetes.refresh(made), given).changed


def test_a_service_has_an_address(kubernetes):
    made = kubernetes.make(SERVICE, thing("v1", "Service", "web", spec={"ports": [{"port": 80}]}))
    assert made.state["spec"]["clusterIP"].startswith("172.20.")
    headless = thing("v1", "Service", "peers", spec={"clusterIP": "None", "ports": [{"port": 80}]})
    assert kubernetes.make(SERVICE, headless).state["spec"]["clusterIP"] == "None"


def test_what_stands_is_there_after_a_new_start(kubernetes):
    made = kubernetes.make(DEPLOYMENT, deployment())
    assert made.id in kubernetes.store.made("staging").values()
    kubernetes.start()
    assert kubernetes.refresh(made).state == made.state
    kubernetes.delete(made)
    kubernetes.start()
    assert kubernetes.refresh(made) is None
    assert not kubernetes.store.made("staging")


def test_a_cluster_that_is_gone_cannot_be_reached(kubernetes):
    made = kubernetes.make(DEPLOYMENT, deployment())
    del kubernetes.up[URL]
    for attempt in (kubernetes.delete, kubernetes.refresh, lambda _: kubernetes.namespace("shop")):
        with pytest.raises(ResourceError, match=f"cluster is unreachable: no cluster answers at {URL}"):
            attempt(made)


def test_a_new_cluster_at_the_old_address_is_empty(kubernetes):
    made = kubernetes.make(DEPLOYMENT, deployment())
    kubernetes.up[URL] = Cluster(version="1.35", region="ap-south-1", identity="second")
    assert kubernetes.refresh(made) is None


def test_two_clusters_hold_objects_of_the_same_name(kubernetes):
    kubernetes.make(DEPLOYMENT, deployment())
    kubernetes.up["https://other"] = Cluster(identity="other")
    kubernetes.config = {"kubeconfig": kubeconfig("https://other")}
    assert kubernetes.make(DEPLOYMENT, deployment()).id == "default/web"


@pytest.mark.parametrize("text", ["{", "a: b", "[]", "current-context: aws"])
def test_a_kubeconfig_that_says_nothing_is_refused(kubernetes, text):
    with pytest.raises(ResourceError, match="invalid kubeconfig"):
        kubernetes.provider.configure({"kubeconfig": text})


def test_a_provider_without_a_kubeconfig_never_finds_the_one_of_this_machine(kubernetes):
    kubernetes.config = {}
    assert not kubernetes.refusal(NAMESPACE, thing("v1", "Namespace", "shop"))
    with pytest.raises(ResourceError, match="has no kubeconfig"):
        kubernetes.namespace("shop")


def test_an_object_whose_cluster_is_not_known_yet_is_still_checked(kubernetes):
    kubernetes.config = {"kubeconfig": UNKNOWN}
    assert 'unknown field "spec.replica"' in kubernetes.refusal(DEPLOYMENT, deployment(replica=2))
