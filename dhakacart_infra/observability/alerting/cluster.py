"""What every pod relies on: the API server, names, the way in, secrets, certificates."""

from dhakacart_infra.observability.alerting.model import Alert, Group

ERRORS = 0.05
SECONDS_LEFT = 2 * 24 * 3600
"""Of weeks. A kubelet renews at nine tenths of a certificate's life at the latest (client-go, ``util/certificate``)."""


def groups() -> list[Group]:
    return [
        Group(name="cluster", rules=[_api_server(), _names(), _way_in()]),
        Group(name="certificates", rules=[_webhooks(), _kubelets()]),
        Group(name="secrets", rules=[_secrets(), _store()]),
    ]


def _api_server() -> Alert:
    requests, failed = (f"sum(rate(apiserver_request_total{which}[5m]))" for which in ("", '{code=~"5.."}'))
    return Alert(
        name="ApiServerErrors",
        expr=f"{failed} / {requests} > {ERRORS}",
        lasts="10m",
        severity="warning",
        summary="The Kubernetes API fails",
        description="It answers {{ $value | humanizePercentage }} of its requests with an error. What runs runs on; "
        "nothing scales or rolls out.",
    )


def _names() -> Alert:
    answers, failed = (f"sum(rate(coredns_dns_responses_total{which}[5m]))" for which in ("", '{rcode="SERVFAIL"}'))
    return Alert(
        name="DnsFailing",
        expr=f"{failed} / {answers} > {ERRORS}",
        lasts="5m",
        severity="critical",
        summary="Names are not found",
        description="CoreDNS fails {{ $value | humanizePercentage }} of what it is asked. Pods reach neither each "
        "other nor their data.",
    )


def _way_in() -> Alert:
    return Alert(
        name="LoadBalancerOutOfStep",
        expr="sum by (controller) (increase(awslbc_controller_reconcile_errors_total[15m])) > 0",
        lasts="30m",
        severity="warning",
        summary="The load balancer does not follow the cluster",
        description="The controller's {{ $labels.controller }} failed {{ $value | humanize }} times in a quarter of an "
        "hour. New pods may get no customers.",
    )


def _webhooks() -> Alert:
    """The certificates of webhooks have no metric of their age; that the API server cannot call one has."""
    return Alert(
        name="WebhookUnreachable",
        expr="sum by (name) (increase(apiserver_admission_webhook_rejection_count"
        '{error_type="calling_webhook_error"}[10m])) > 0',
        lasts="10m",
        severity="warning",
        summary="The API server cannot call {{ $labels.name }}",
        description="What the webhook is to see is refused: its pods are gone, or its certificate has ended.",
    )


def _kubelets() -> Alert:
    return Alert(
        name="KubeletCertificateEnding",
        expr=f"kubelet_certificate_manager_server_ttl_seconds < {SECONDS_LEFT}",
        lasts="1h",
        severity="warning",
        summary="{{ $labels.instance }} does not renew its certificate",
        description="It ends in {{ $value | humanizeDuration }}. Then nobody reads its logs and metrics any more.",
    )


def _secrets() -> Alert:
    return Alert(
        name="SecretNotSynced",
        # Where Prometheus keeps ``namespace`` for whom it asks, the secret's own is an exported one.
        expr="max by (namespace, name) (label_replace("
        'externalsecret_status_condition{condition="Ready",status="False"}'
        ', "namespace", "$1", "exported_namespace", "(.+)")) == 1',
        lasts="15m",
        severity="warning",
        summary="{{ $labels.namespace }}/{{ $labels.name }} is not copied from AWS",
        description="Pods keep the secret that they have. One that was changed in AWS does not arrive.",
    )


def _store() -> Alert:
    return Alert(
        name="SecretStoreUnreachable",
        expr='clustersecretstore_status_condition{condition="Ready",status="False"} == 1',
        lasts="10m",
        severity="critical",
        summary="No secret can be read from AWS",
        description="The store {{ $labels.name }} is not ready: no service of a new namespace or release gets its own.",
    )
