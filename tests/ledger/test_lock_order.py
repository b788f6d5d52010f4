"""Every verb that writes both a petition and its signatures locks the petition first.

Two that lock in different orders wait for each other for ever, and the database ends one of them.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wagtail_petition import ledger
from wagtail_petition.models import Petition, Signature

pytestmark = pytest.mark.django_db

LOCKS = re.compile(r"^(UPDATE|DELETE FROM) |FOR (NO KEY )?UPDATE")
State = Signature.MessageState

VERBS = {
    "anonymise": lambda s: ledger.anonymise([s.pk], petition=s.petition),
    "erase": lambda s: ledger.erase([s.pk], petition=s.petition),
    "invalidate": lambda s: ledger.invalidate([s.pk], petition=s.petition),
    "mark_delivered": lambda s: ledger.mark_delivered([s.number], petition=s.petition),
    "set_message_state": lambda s: ledger.set_message_state(
        [s.pk], State.SHOWN, petition=s.petition
    ),
    "set_show_name": lambda s: ledger.set_show_name(s, True),
    "withdraw": lambda s: ledger.withdraw(s),
}


def locked(queries, model):
    """The positions of the statements that lock rows of ``model``."""
    table = connection.ops.quote_name(model._meta.db_table)
    return [
        position
        for position, query in enumerate(queries)
        if LOCKS.search(query["sql"]) and table in query["sql"].partition(" WHERE ")[0]
    ]


@pytest.mark.parametrize("verb", VERBS)
def test_the_petition_is_locked_first(verb, make_signature):
    signature = make_signature(message="Please act.")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        VERBS[verb](signature)
    petitions, signatures = (locked(captured, model) for model in (Petition, Signature))
    assert petitions
    assert signatures
    assert petitions[0] < signatures[0]
