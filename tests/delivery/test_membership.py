from hypothesis import given
from hypothesis import strategies as st

from wagtail_petition.delivery.membership import Members, pack

NUMBERS = st.sets(st.integers(min_value=1, max_value=100_000), max_size=300)


@given(NUMBERS)
def test_keeps_exactly_the_numbers(numbers):
    members = Members(pack(numbers))
    assert list(members) == sorted(numbers)
    assert len(members) == len(numbers)


@given(NUMBERS, st.integers(min_value=1, max_value=200_000))
def test_tells_whether_a_number_is_in_it(numbers, number):
    assert (number in Members(pack(numbers))) == (number in numbers)


@given(NUMBERS, NUMBERS)
def test_union(some, others):
    assert set(Members(pack(some)) | Members(pack(others))) == some | others


@given(NUMBERS, NUMBERS)
def test_intersection(some, others):
    both = Members(pack(some)) & Members(pack(others))
    assert set(both) == some & others
    assert both.last == max(some & others, default=None)


def test_no_numbers():
    assert list(Members()) == []
    assert 1 not in Members(pack([]))


def test_a_million_in_a_row_are_small():
    assert len(pack(range(1, 1_000_001))) < 2000
