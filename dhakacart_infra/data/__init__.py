"""Where the shop's data are, and who may have them."""

from dhakacart_infra.data.buckets import Buckets, BucketsArgs
from dhakacart_infra.data.postgres import Postgres, PostgresArgs
from dhakacart_infra.data.postgres_proxy import PostgresProxy, PostgresProxyArgs
from dhakacart_infra.data.redis import Redis, RedisArgs
from dhakacart_infra.data.users import DatabaseUsers, DatabaseUsersArgs

__all__ = [
    "Buckets",
    "BucketsArgs",
    "DatabaseUsers",
    "DatabaseUsersArgs",
    "Postgres",
    "PostgresArgs",
    "PostgresProxy",
    "PostgresProxyArgs",
    "Redis",
    "RedisArgs",
]
