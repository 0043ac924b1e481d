"""How PostgreSQL is set where RDS's own choice does not fit a shop; what is not here is as RDS has it for the class."""

from typing import NamedTuple

from dhakacart_infra.config import DatabaseConfig
from dhakacart_infra.config.database import MEMORY_GIB

FAMILY = "postgres15"
KIB_PER_GIB = 2**20
MIN_WORK_MEM_KIB = 4_096  # PostgreSQL's own
SORTING = 0.25  # of the memory, if every connection sorts at once; as much again is PostgreSQL's shared buffers


class Parameter(NamedTuple):
    name: str
    value: str
    static: bool = False
    """Takes effect when the instance restarts. RDS refuses to apply such a one at once."""


def parameters(config: DatabaseConfig) -> tuple[Parameter, ...]:
    memory_kib = MEMORY_GIB[config.instance_class] * KIB_PER_GIB
    work_mem_kib = max(int(memory_kib * SORTING / config.max_connections), MIN_WORK_MEM_KIB)
    return (
        # Also RDS's choice since 15, said here so that nobody's new default opens it.
        Parameter("rds.force_ssl", "1", static=True),
        # As RDS would compute it, fixed: what the configuration has been checked against.
        Parameter("max_connections", str(config.max_connections), static=True),
        Parameter("work_mem", str(work_mem_kib)),  # KiB
        Parameter("random_page_cost", "1.1"),  # gp3 seeks as fast as it scans; the default is a spinning disk's
        # Who waits for whom, and what is slow: the two questions of every incident.
        Parameter("shared_preload_libraries", "pg_stat_statements", static=True),
        Parameter("pg_stat_statements.track", "all"),  # within functions too
        Parameter("log_min_duration_statement", "500"),  # ms: a quarter of the two seconds that a response may take
        Parameter("log_lock_waits", "1"),  # after deadlock_timeout, one second
        Parameter("log_temp_files", "10240"),  # KiB: sorts that did not fit work_mem
        Parameter("log_autovacuum_min_duration", "10000"),  # ms
        # Orders and carts change the same rows again and again: the default of a fifth of a table is millions of dead
        # rows late, and the first to notice are the customers.
        Parameter("autovacuum_vacuum_scale_factor", "0.05"),
        Parameter("autovacuum_analyze_scale_factor", "0.02"),
        Parameter("autovacuum_naptime", "15"),  # s
        # A pod that died inside a transaction holds its locks, and holds vacuum back, until somebody ends it.
        Parameter("idle_in_transaction_session_timeout", "60000"),  # ms
        Parameter(
            "tcp_keepalives_idle", "60"
        ),  # s: a client that vanished is found out in two minutes, not in two hours
    )
