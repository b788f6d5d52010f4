"""Broken files: each is read, or refused with a message. ``make bench BENCH=broken`` tries 10,000."""

import pytest

from benchmarks.damage import KINDS, make_file
from benchmarks.trial import try_file
from wagtail_petition import ledger

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("part", range(4))
def test_no_broken_file_is_a_fault(make_page, tmp_path, part):
    page = make_page(questions=[{"type": "short_text", "id": "state", "value": {"label": "Vote?"}}])
    petition = ledger.ensure_petition(page)
    text = ledger.get_or_create_text(page.get_text_to_sign())
    found = {
        try_file(number, petition, text, tmp_path) for number in range(part * 50, part * 50 + 50)
    }
    assert {outcome for _kind, outcome in found} == {"read", "refused"}
    assert {kind for kind, _outcome in found} == {*KINDS}
    assert ledger.recount(petition) == []


def test_a_number_always_gives_the_same_file():
    assert [make_file(number) for number in range(40)] == [make_file(n) for n in range(40)]
