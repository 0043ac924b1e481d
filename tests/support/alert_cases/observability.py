"""When nobody would be told."""

from dhakacart_infra.observability.alerting.observability import SOURCES
from tests.support.alert_cases.case import Case, Told, named

PROMETHEUS = {"namespace": "monitoring", "job": "prometheus", "pod": "prometheus-0"}
ALERTMANAGER = {"namespace": "monitoring", "job": "alertmanager"}
EXPORTERS = {"namespace": "monitoring", "job": "node-exporter"}
ALL = dict.fromkeys(SOURCES.values(), "1x30")


def without(series: str) -> dict[str, str]:
    return {name: values for name, values in ALL.items() if name != series}


def up(*values: str) -> dict[str, str]:
    return {named("up", **EXPORTERS, instance=str(which)): value for which, value in enumerate(values)}


def evaluated(failures: str) -> dict[str, str]:
    of = {**PROMETHEUS, "rule_group": "slo"}
    return {named("prometheus_rule_evaluation_failures_total", **of): failures}


def handed_over(errors: int) -> dict[str, str]:
    of = {**PROMETHEUS, "alertmanager": "http://alertmanager-0:9093/api/v2/alerts"}
    return {
        named("prometheus_notifications_errors_total", **of): f"0+{errors}x60",
        named("prometheus_notifications_sent_total", **of): "0+100x60",
    }


def kept(compactions: str, corruptions: str = "0x60") -> dict[str, str]:
    return {
        named("prometheus_tsdb_compactions_failed_total", **PROMETHEUS): compactions,
        named("prometheus_tsdb_wal_corruptions_total", **PROMETHEUS): corruptions,
    }


def notified(failed: int) -> dict[str, str]:
    of = {**ALERTMANAGER, "pod": "alertmanager-0", "integration": "sns", "receiver_name": "people"}
    return {
        named("alertmanager_notifications_failed_total", **of, reason="clientError"): f"0+{failed}x60",
        named("alertmanager_notifications_failed_total", **of, reason="serverError"): "0x60",
        named("alertmanager_notifications_total", **of): "0+10x60",
    }


def found(*known: int) -> dict[str, str]:
    return {
        named("alertmanager_cluster_members", **ALERTMANAGER, pod=f"alertmanager-{which}"): f"{members}x60"
        for which, members in enumerate(known)
    }


watchdog = Told(alert="Watchdog", at="1m")
missing = Told(alert="MetricsMissing", at="20m")
down = Told(alert="TargetsDown", at="30m", labels=EXPORTERS)
rules = Told(alert="RulesFailing", at="30m", labels={"rule_group": "slo"})
reload = Told(alert="PrometheusReloadFailed", at="30m", labels=PROMETHEUS)
storage = Told(alert="PrometheusStorageFailing", at="40m", labels=PROMETHEUS)
notify = Told(
    alert="PrometheusCannotNotify",
    at="30m",
    labels={**PROMETHEUS, "alertmanager": "http://alertmanager-0:9093/api/v2/alerts"},
)
routes = Told(alert="AlertmanagerReloadFailed", at="30m", labels={**ALERTMANAGER, "pod": "alertmanager-0"})
delivery = Told(
    alert="AlertmanagerNotificationsFailing",
    at="30m",
    labels={"namespace": "monitoring", "pod": "alertmanager-0", "integration": "sns"},
)
split = Told(alert="AlertmanagerClusterSplit", at="30m", labels={**ALERTMANAGER, "pod": "alertmanager-2"})


def reloaded(program: str, values: str, **labels: str) -> dict[str, str]:
    return {named(f"{program}_config_last_reload_successful", **labels): values}


CASES: list[Case] = [
    watchdog.fires("there is nothing at all", {}),
    *(missing.fires(f"nothing is known of {what}", without(series), source=what) for what, series in SOURCES.items()),
    missing.silent("everybody says something", ALL),
    missing.silent("one begins anew", without("kube_node_info") | {"kube_node_info": "1x5 _x7 1x20"}),
    down.fires("a third does not answer", up("0x60", "1x60", "1x60")),
    down.silent("one of twelve does not", up("0x60", *["1x60"] * 11)),
    down.silent("all answer", up("1x60")),
    rules.fires("some fail each time", evaluated("0+1x60")),
    rules.silent("one failed, once", evaluated("0x10 1x50")),
    reload.fires("it refuses it", reloaded("prometheus", "1x5 0x55", **PROMETHEUS)),
    reload.silent("it takes it", reloaded("prometheus", "1x60", **PROMETHEUS)),
    notify.fires("a tenth fails", handed_over(10)),
    notify.silent("a hundredth fails", handed_over(1)),
    storage.fires("blocks cannot be written", kept("0x10 1x50")),
    storage.fires("its log is damaged", kept("0x60", "0x10 1x50")),
    storage.silent("all is written", kept("0x60")),
    routes.fires("it refuses it", reloaded("alertmanager", "1x5 0x55", **ALERTMANAGER, pod="alertmanager-0")),
    routes.silent("it takes it", reloaded("alertmanager", "1x60", **ALERTMANAGER, pod="alertmanager-0")),
    delivery.fires("SNS refuses half of them", notified(5)),
    delivery.silent("SNS takes all of them", notified(0)),
    split.fires("one is on its own", found(3, 3, 1)),
    split.silent("all know of each other", found(3, 3, 3)),
]
