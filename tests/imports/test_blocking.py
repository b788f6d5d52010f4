"""Block rules and imports."""

import csv
import io

import pytest

from wagtail_petition import ledger
from wagtail_petition.identity.hashing import address_hash
from wagtail_petition.imports import processing, report, run
from wagtail_petition.models import BlockRule, ImportBatch, OutgoingEmail, Signature

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """What ends a process."""


def test_block_rules_apply_to_imported_people(import_file, make_batch):
    for kind, value, effect in (
        ("domain", "example.org", "block"),
        ("address", address_hash("ada@example.org"), "allow"),
        ("address", address_hash("eve@example.net"), "block"),
        ("network", "192.0.2.0/24", "block"),
    ):
        BlockRule.objects.create(kind=kind, value=value, effect=effect)
    rows = [
        *("Ada,Rossi,ada@example.org", "Bob,Rossi,bob@mail.example.org"),
        *("Eve,Rossi,EVE@example.net", "Zoe,Rossi,zoe@example.net", "Max,Rossi,"),
    ]
    content = "\n".join(["first name,last name,email,date", *(f"{r},2026-01-01" for r in rows)])
    assert run.check(make_batch(content.encode())).counts["blocked"] == 2
    batch, check = import_file(content.encode())
    assert (check.counts["new"], check.counts["blocked"], check.rows) == (3, 2, 5)
    assert {s.given_name for s in batch.signatures.all()} == {"Ada", "Zoe", "Max"}
    _head, *rejected = csv.reader(
        io.StringIO(b"".join(report.rejected_csv(batch)).decode("utf-8-sig"))
    )
    assert [row[1] for row in rejected] == ["Bob", "Eve"]
    assert {"block rule" in row[0] for row in rejected} == {True}
    # Neither are they asked to confirm here.
    batch, check = import_file(content.replace(",,", ",max@example.com,").encode(), mode="ask")
    assert check.counts["blocked"] == 2
    assert not OutgoingEmail.objects.filter(signature__given_name__in=["Bob", "Eve"]).exists()


def test_a_rule_made_meanwhile_does_not_move_the_rows_of_a_killed_import(
    make_batch, monkeypatch, clock
):
    rows = [f"Ada{n},Rossi,a{n}@example.org,2026-01-{n + 1:02}" for n in range(6)]
    batch = make_batch("\n".join(["first name,last name,email,date", *rows]).encode())
    monkeypatch.setattr(processing, "FEW", 2)
    monkeypatch.setattr(processing, "MANY", 2)
    record, calls = ledger.import_signatures, []

    def killed(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        return record(*args, **kwargs)

    monkeypatch.setattr(ledger, "import_signatures", killed)
    run.start(batch)
    with pytest.raises(Killed):
        run.work_off()
    for number in (0, 4):
        BlockRule.objects.create(
            kind="address", value=address_hash(f"a{number}@example.org"), effect="block"
        )
    clock.forward(hours=1)
    run.work_off()
    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"], batch.counts["blocked"]) == (
        ImportBatch.State.DONE,
        5,
        1,
    )
    found = Signature.objects.order_by("number").values_list("given_name", flat=True)
    assert list(found) == ["Ada0", "Ada1", "Ada2", "Ada3", "Ada5"]
