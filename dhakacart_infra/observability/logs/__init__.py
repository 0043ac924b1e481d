"""Logs of everything that runs in the cluster: shipped by Filebeat, kept by Elasticsearch, read in Kibana."""

from dhakacart_infra.observability.logs.logs import Logs, LogsArgs

__all__ = ["Logs", "LogsArgs"]
