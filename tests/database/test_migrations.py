"""From the schema that the shop runs on to the one of the design, on a real PostgreSQL 15 that serves meanwhile."""

import signal
import time
from decimal import Decimal

import psycopg
import pytest
from psycopg import errors

from tests.support.postgres import SOURCE
from tests.support.shop import old_application

ROWS = 100_000
LAST = max(int(file.name.partition("_")[0]) for file in (SOURCE / "migrations").glob("*.sql"))
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'public'
AND table_name <> 'goose_db_version' ORDER BY table_name, ordinal_position
"""
INDEXES = "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'goose_db_version'"
INVALID = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
VERSION = "SELECT max(version_id)::int FROM goose_db_version"
BUILD_ENDED = """
SELECT pg_terminate_backend(pid) FROM pg_stat_progress_create_index WHERE phase = 'waiting for writers before build'
"""
PAUSE = """
CREATE FUNCTION pause() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); END';
CREATE EVENT TRIGGER pause ON ddl_command_start WHEN TAG IN ('DROP INDEX') EXECUTE FUNCTION pause();
"""
UNVALIDATED = "SELECT conname FROM pg_constraint WHERE NOT convalidated"


@pytest.fixture
def migrated(shop):
    shop.ready()
    code, said = shop.migrate()
    assert code == 0, said
    return shop


def tables(shop):
    found: dict[str, set[str]] = {}
    for table, column, _, _ in shop.ask(COLUMNS):
        found.setdefault(table, set()).add(column)
    return found


def test_a_new_database_gets_every_table_and_column_of_the_design(migrated):
    times = {"created_at", "updated_at"}
    assert tables(migrated) == {
        "categories": {"id", "name", "description", "created_at"},
        "products": {"id", "name", "description", "price", "stock_quantity", "category_id", "image_url", "is_active"}
        | times,
        "users": {"id", "email", "password_hash", "first_name", "last_name", "phone"} | times,
        "orders": {"id", "user_id", "total_amount", "status", "shipping_address"} | times,
        "order_items": {"id", "order_id", "product_id", "quantity", "unit_price", "created_at"},
    }


def test_it_gets_the_indexes_of_the_design_and_one_for_each_foreign_key(migrated):
    asked_for = {"idx_products_category", "idx_products_active", "idx_orders_user", "idx_orders_status"}
    assert asked_for | {"idx_order_items_order", "idx_order_items_product"} <= {
        name for (name,) in migrated.ask(INDEXES)
    }


def test_every_moment_is_kept_with_its_time_zone_but_for_the_one_that_prepared_statements_read(migrated):
    moments = {(table, column): kind for table, column, kind, _ in migrated.ask(COLUMNS) if column.endswith("_at")}
    assert moments.pop(("products", "created_at")) == "timestamp without time zone"
    assert set(moments.values()) == {"timestamp with time zone"}


def test_an_existing_shop_loses_no_row_and_no_price_but_its_third_digit(shop):
    shop.stock(ROWS)
    before = dict(shop.ask("SELECT id, price FROM products"))
    code, said = shop.migrate()
    assert code == 0, said
    after = dict(shop.ask("SELECT id, price FROM products"))
    assert after.keys() == before.keys()
    assert all(abs(after[key] - price) <= Decimal("0.005") for key, price in before.items())
    assert shop.ask("SELECT count(*) FROM products WHERE price <> round(price, 2)") == [(0,)]


def test_running_again_changes_nothing(migrated):
    before = migrated.ask(COLUMNS)
    code, said = migrated.migrate()
    assert (code, said.strip()) == (0, f"the schema is at version {LAST}")
    assert migrated.ask(COLUMNS) == before


def test_two_runners_at_once_take_turns(shop):
    shop.stock(ROWS)
    runners = [shop.server.migrate(shop.name) for _ in range(2)]
    said = [runner.communicate()[0] for runner in runners]
    assert [runner.returncode for runner in runners] == [0, 0], said
    assert sorted(text.count("OK") for text in said) == [0, LAST], "each migration was applied once"


@pytest.mark.parametrize("step", range(2, LAST + 1))
def test_a_run_that_is_killed_at_any_step_is_completed_by_the_next(shop, step):
    shop.stock(ROWS // 10)
    runner = shop.server.migrate(shop.name)
    wait_until(shop, runner, VERSION, lambda found: found >= [(step - 1,)])
    runner.send_signal(signal.SIGKILL)
    runner.communicate()
    code, said = shop.migrate()
    assert code == 0, said
    assert shop.ask("SELECT count(*) FROM products") == [(ROWS // 10,)]
    assert shop.ask(INVALID) == shop.ask(UNVALIDATED) == []


def test_an_index_that_an_interrupted_run_left_invalid_is_built_anew(shop):
    shop.stock(1000)
    with shop.superuser() as connection:
        connection.execute(PAUSE)
    with shop.connect() as writer:
        writer.autocommit = False
        runner = shop.server.migrate(shop.name)
        wait_until(shop, runner, VERSION, lambda found: found >= [(6,)])
        writer.execute("INSERT INTO products (name, price) VALUES ('new', 1)")  # the index waits for its end
        wait_until(shop, runner, BUILD_ENDED, bool)
        said, _ = runner.communicate()
        writer.rollback()
    assert runner.returncode == 1
    assert "run again" in said
    assert shop.ask(INVALID) == [("idx_products_category",)]
    code, said = shop.migrate()
    assert code == 0, said
    assert shop.ask(INVALID) == []


def test_the_running_application_goes_on_and_never_waits_for_a_second(shop):
    shop.stock(ROWS)
    with old_application(shop) as traffic:
        code, said = shop.migrate()
    assert code == 0, said
    assert traffic.errors == []
    assert min(traffic.inserted, traffic.read) > 0
    assert shop.ask("SELECT count(*) FROM products") == [(ROWS + traffic.inserted,)]
    assert traffic.longest_wait_seconds < 1.0


def test_a_long_transaction_delays_the_migration_and_not_the_application(shop):
    shop.stock(1000)
    with shop.connect() as report, old_application(shop) as traffic:
        report.autocommit = False
        report.execute("SELECT count(*) FROM products")
        runner = shop.server.migrate(shop.name)
        time.sleep(3)
        assert runner.poll() is None, "it waits for the report"
        report.rollback()
        said, _ = runner.communicate()
    assert runner.returncode == 0, said
    assert "again in 2s" in said
    assert traffic.errors == []
    assert traffic.longest_wait_seconds < 1.0


def test_a_price_that_cannot_be_stops_the_migration_and_says_which_rule_it_breaks(shop):
    shop.stock(1000)
    shop.change("UPDATE products SET price = -1 WHERE id = 7")
    code, said = shop.migrate()
    assert code == 1
    assert "products_price_check" in said
    shop.change("UPDATE products SET price = 1 WHERE id = 7")
    assert shop.migrate()[0] == 0


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("INSERT INTO products (name, price) VALUES ('a', -1)", errors.CheckViolation),
        ("INSERT INTO products (name, price, stock_quantity) VALUES ('a', 1, -1)", errors.CheckViolation),
        ("INSERT INTO products (name, price, category_id) VALUES ('a', 1, 999)", errors.ForeignKeyViolation),
        ("INSERT INTO users (email, password_hash) VALUES ('Rahim@Example.com', 'x')", errors.UniqueViolation),
        ("INSERT INTO orders (user_id, total_amount, status) VALUES (1, 1, 'lost')", errors.CheckViolation),
        (
            "INSERT INTO order_items (order_id, product_id, quantity, unit_price) VALUES (1, 1, 0, 1)",
            errors.CheckViolation,
        ),
        ("DELETE FROM users", errors.ForeignKeyViolation),
    ],
)
def test_what_the_shop_can_not_mean_is_refused(migrated, statement, refusal):
    migrated.change("INSERT INTO users (email, password_hash) VALUES ('rahim@example.com', 'x')")
    migrated.change("INSERT INTO orders (user_id, total_amount) VALUES (1, 20)")
    with pytest.raises(refusal):
        migrated.change(statement)


def test_a_changed_row_says_when(migrated):
    migrated.change("INSERT INTO products (name, price) VALUES ('a', 1)")
    (before,) = migrated.ask("SELECT updated_at FROM products")
    migrated.change("UPDATE products SET stock_quantity = 5")
    (after,) = migrated.ask("SELECT updated_at FROM products")
    assert after > before


def wait_until(shop, runner, query, satisfied):
    """Asks without a pause: what is waited for may last a tenth of a second."""
    with shop.connect() as connection:
        while runner.poll() is None:
            try:
                if satisfied(connection.execute(query).fetchall()):
                    return
            except psycopg.errors.UndefinedTable:
                pass  # it has not begun
        pytest.fail(f"the run was over before that: {runner.communicate()[0]}")
