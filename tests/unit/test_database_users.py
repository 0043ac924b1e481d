"""Who connects to the database, and whose password a new generation changes."""

from hypothesis import given
from hypothesis import strategies as st

from dhakacart_infra.data.users import APPLICATION, USERS, application_user, generations

GENERATIONS = st.integers(min_value=1, max_value=10_000)


@given(GENERATIONS)
def test_the_application_connects_as_the_other_user_with_each_generation(generation):
    assert {application_user(generation), application_user(generation + 1)} == set(APPLICATION)


@given(GENERATIONS)
def test_a_new_generation_changes_every_password_but_that_of_the_user_at_work(generation):
    before, after = generations(generation), generations(generation + 1)
    assert {user for user in USERS if before[user] == after[user]} == {application_user(generation)}


@given(GENERATIONS)
def test_no_password_comes_back(generation):
    before, after = generations(generation), generations(generation + 1)
    assert all(before[user] <= after[user] for user in USERS)
