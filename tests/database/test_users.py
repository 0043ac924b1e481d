"""Who connects to the database, and how they get new passwords while the shop serves, on a real PostgreSQL 15."""

import subprocess

import psycopg
import pytest
from psycopg import errors, sql

from tests.support.postgres import PASSWORDS, program

TABLES = ("categories", "products", "users", "orders", "order_items")
INSERT = "INSERT INTO products (name, price) VALUES ('a', 1)"


@pytest.fixture
def ready(shop):
    shop.stock(10)
    code, said = shop.migrate()
    assert code == 0, said
    return shop


def application(shop, user="application_a", password=None):
    return shop.connect(user, password or PASSWORDS[user])


@pytest.mark.parametrize("user", ["application_a", "application_b"])
def test_the_application_writes_and_reads_every_table(ready, user):
    with application(ready, user) as connection:
        connection.execute(INSERT)
        for table in TABLES:
            connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
        connection.execute("INSERT INTO users (email, password_hash) VALUES ('rahim@example.com', 'x')")
        connection.execute("DELETE FROM users")


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE products",
        "ALTER TABLE products ADD COLUMN mine TEXT",
        "TRUNCATE products CASCADE",
        "CREATE TABLE mine (id INTEGER)",
        "SELECT * FROM goose_db_version",
        "CREATE ROLE mine",
        "ALTER ROLE migrations PASSWORD 'mine'",
        "SET ROLE migrations",
    ],
)
def test_and_does_nothing_else(ready, statement):
    with application(ready) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement)


def test_who_migrates_may_change_tables_and_makes_no_users(ready):
    with ready.connect("migrations", PASSWORDS["migrations"]) as connection:
        connection.execute("ALTER TABLE products ADD COLUMN later TEXT")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("CREATE ROLE mine")


def test_the_user_that_the_shop_ran_as_before_goes_on_after_its_tables_are_given_away(ready):
    with ready.connect() as connection:
        connection.execute(INSERT)


def test_a_new_password_for_the_user_that_rests_disturbs_nobody_who_works(ready):
    with application(ready) as working:
        working.execute(INSERT)
        code, said = ready.users(application_b="second")
        assert code == 0, said
        working.execute(INSERT)
        application(ready).close()  # new connections of the old pods
        with application(ready, "application_b", "second") as released:
            released.execute(INSERT)
    code, said = ready.users(application_b="second", application_a="third")
    assert code == 0, said
    application(ready, "application_b", "second").close()
    application(ready, "application_a", "third").close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        application(ready)


def test_no_password_is_in_the_log_or_in_what_is_said(ready):
    with ready.superuser() as connection:
        connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        connection.execute("SELECT pg_reload_conf()")
    _, said = ready.users(application_b="unheard-of")
    log = (ready.server.folder / "log").read_text()
    assert "ALTER ROLE application_b PASSWORD 'SCRAM-SHA-256$4096:" in log
    assert "unheard-of" not in log + said
    application(ready, "application_b", "unheard-of").close()


def test_two_runners_at_once_take_turns(shop):
    shop.stock(10)
    runners = [shop.server.users(shop.name) for _ in range(4)]
    said = [runner.communicate()[0] for runner in runners]
    assert [runner.returncode for runner in runners] == [0] * 4, said


def test_a_user_without_a_password_is_refused_by_the_name_of_its_variable(shop):
    code, said = shop.users(application_a="")
    assert code == 1
    assert "APPLICATION_A_PASSWORD is not set" in said


@pytest.mark.parametrize("arguments", [[], ["drop"], ["users", "migrate"]])
def test_an_unknown_command_is_answered_with_those_there_are(arguments):
    done = subprocess.run([program(), *arguments], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (2, "usage: schema users|migrate")
