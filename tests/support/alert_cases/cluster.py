"""When what every pod relies on fails."""

from tests.support.alert_cases.case import Case, Told, named

SECRET = {"namespace": "dhakacart", "name": "data"}
STORE = {"namespace": "", "name": "aws", "condition": "Ready", "status": "False"}
DAYS = 24 * 3600


def api(failed: int) -> dict[str, str]:
    return {
        named("apiserver_request_total", code="200", verb="GET"): "0+100x60",
        named("apiserver_request_total", code="503", verb="GET"): f"0+{failed}x60",
    }


def looked_up(failed: int) -> dict[str, str]:
    return {
        named("coredns_dns_responses_total", rcode="NOERROR"): "0+100x60",
        named("coredns_dns_responses_total", rcode="NXDOMAIN"): "0+400x60",
        named("coredns_dns_responses_total", rcode="SERVFAIL"): f"0+{failed}x60",
    }


def reconciled(errors: str) -> dict[str, str]:
    return {named("awslbc_controller_reconcile_errors_total", controller="ingress", error_category="x"): errors}


def called(error: str, values: str) -> dict[str, str]:
    of = {"name": "vingress.elbv2.k8s.aws", "error_type": error, "rejection_code": "500"}
    return {named("apiserver_admission_webhook_rejection_count", **of): values}


def lasts(seconds: int) -> dict[str, str]:
    return {named("kubelet_certificate_manager_server_ttl_seconds", instance="10.0.10.7:10250"): f"{seconds}x120"}


def synced(false: str) -> dict[str, str]:
    return {named("externalsecret_status_condition", **SECRET, condition="Ready", status="False"): false}


def relabelled(false: str) -> dict[str, str]:
    """As it is where the label of the scraped pod comes first."""
    of = {"namespace": "external-secrets", "exported_namespace": "dhakacart", "name": "data"}
    return {named("externalsecret_status_condition", **of, condition="Ready", status="False"): false}


def reached(false: str) -> dict[str, str]:
    return {named("clustersecretstore_status_condition", **STORE): false}


errors = Told(alert="ApiServerErrors", at="30m")
names = Told(alert="DnsFailing", at="30m")
way_in = Told(alert="LoadBalancerOutOfStep", at="58m", labels={"controller": "ingress"})
webhook = Told(alert="WebhookUnreachable", at="40m", labels={"name": "vingress.elbv2.k8s.aws"})
certificate = Told(alert="KubeletCertificateEnding", at="100m", labels={"instance": "10.0.10.7:10250"})
secret = Told(alert="SecretNotSynced", at="30m", labels=SECRET)
store = Told(alert="SecretStoreUnreachable", at="30m", labels={key: STORE[key] for key in STORE if STORE[key]})

CASES: list[Case] = [
    errors.fires("a tenth fails", api(11)),
    errors.silent("a hundredth fails", api(1)),
    names.fires("a sixth fails", looked_up(100)),
    names.silent("what is asked for is not there, which is an answer", looked_up(1)),
    way_in.fires("it fails again and again", reconciled("0+1x60")),
    way_in.silent("it tried once more, and did it", reconciled("0x10 1x50")),
    webhook.fires("it does not answer", called("calling_webhook_error", "0+2x60")),
    webhook.silent("it says no, which is its work", called("no_error", "0+2x60")),
    certificate.fires("a day is left", lasts(DAYS)),
    certificate.silent("a week is left", lasts(7 * DAYS)),
    secret.fires("it cannot be read", synced("1x60")),
    secret.fires("it cannot be read, and is scraped from elsewhere", relabelled("1x60")),
    secret.silent("it was copied", synced("0x60")),
    secret.silent("AWS was slow for ten minutes", synced("0x10 1x10 0x40")),
    store.fires("its role may not", reached("1x60")),
    store.silent("it is reached", reached("0x60")),
]
