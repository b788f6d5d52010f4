"""Fill a petition with realistic signatures fast: a million in about a minute.

Of the numbered ones each fiftieth was withdrawn and each ninety-seventh invalidated, and for each
twenty there is one attempt nobody confirmed. Each fortieth left a message, and those from Italy
up to the last tenth were handed over. Each has a link to manage it, and its mail was sent.

If the petition asks where people vote in the United States, half of those outside of it said so,
in states and districts by their seats in the House, so about as many as live there. One in three
doesn't know the district.
"""

import contextlib
import hashlib
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from django.core.management.color import no_style
from django.db import connection, transaction

from wagtail_petition import ledger
from wagtail_petition.home import us
from wagtail_petition.home.registry import get_scheme
from wagtail_petition.ledger.helpers import EMPTY, get_or_create_text
from wagtail_petition.models import HomeTally, OutgoingEmail, Petition, Signature, Tally
from wagtail_petition.models.search import fold
from wagtail_petition.models.token import Token

GIVEN = "Anna Marco José Zoë Ngozi Mary Søren Chloé Agnieszka Дмитро Μαρία أمل דוד 伟 Priya Juan".split()
FAMILY = "Moretti O’Neill Smith García Nowak Jensen Müller Okafor Шевченко Παπαδόπουλος حداد כהן 李 Rao".split()
COUNTRIES = [
    ("IT", 40),
    ("US", 25),
    ("DE", 10),
    ("FR", 8),
    ("GB", 7),
    ("ES", 4),
    ("CA", 3),
    ("", 3),
]
SOURCES = [("", 60), ("newsletter", 20), ("facebook", 12), ("qr", 8)]
LANGUAGES = [("en", 70), ("it", 30)]
TIES = [("votes_there", 85), ("lived_there", 10), ("never_lived", 5)]
# The regions without seats have fewer people than one seat stands for. Nobody votes in two of them.
STATES = [
    (f"US-{state}", seats or 0.5) for state, seats in us.SEATS.items() if state not in ("AS", "GU")
]
# (given name, family name): what searches compare.
NAMES = [
    (given, family, fold(f"{given} {family}"), fold(f"{family} {given}"))
    for given in GIVEN
    for family in FAMILY
]
# The last were signed a minute ago, the first so long before.
SPAN = timedelta(days=90)
STEP = 50_000


def fill(page, number):
    """Add signatures until ``page`` has given out ``number`` numbers. Returns the seconds."""
    start = time.perf_counter()
    petition = ledger.ensure_petition(page)
    petition.refresh_from_db()
    text = get_or_create_text(page.get_text_to_sign())
    pk = (Signature.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    tallies, homes, counted = Counter(), Counter(), 0
    first = petition.last_number + 1
    if number < first:
        return 0
    with transaction.atomic(), _without_indexes(Signature, Token, OutgoingEmail):
        for low in range(first, number + 1, STEP):
            high = min(low + STEP - 1, number)
            rows = list(_signatures(petition, text, pk, low, high, number, tallies, homes))
            pk += len(rows)
            counted += sum(row["status"] == "confirmed" for row in rows)
            _insert(Signature, rows)
            _insert(Token, map(_token, rows))
            _insert(OutgoingEmail, [_mail(row) for row in rows if row["email"]])
        _count(petition, number, counted, tallies, homes)
        _reset_sequences()
    _analyse()
    return time.perf_counter() - start


def _signatures(petition, text, pk, low, high, last, tallies, homes):
    """Rows for the numbers from low to high, with attempts between them; counts the tallies."""
    rng = random.Random(low)
    size = high - low + 1
    countries = rng.choices(*zip(*COUNTRIES, strict=True), k=size)
    sources = rng.choices(*zip(*SOURCES, strict=True), k=size)
    languages = rng.choices(*zip(*LANGUAGES, strict=True), k=size)
    voters = _voters(petition, rng, countries)
    end = datetime.now(UTC) - timedelta(minutes=1)
    step = SPAN / last
    for i, number in enumerate(range(low, high + 1)):
        at = end - step * (last - number)
        signed = f"{at - timedelta(seconds=60 + number % 1000):%Y-%m-%d %H:%M:%S}"
        when = f"{at:%Y-%m-%d %H:%M:%S}"
        given, family, name_key, family_key = NAMES[number % len(NAMES)]
        address = f"signer.{number}@example.com"
        row = {
            "id": pk,
            "petition_id": petition.pk,
            "signed_text_id": text.pk,
            "number": number,
            "status": "confirmed",
            "given_name": given,
            "family_name": family,
            "name_key": name_key,
            "family_key": family_key,
            "email": address,
            "email_key": address,
            "email_domain": "example.com",
            "country": countries[i],
            "language": languages[i],
            "source": sources[i],
            "show_name": number % 3 == 0,
            "wants_news": number % 4 == 0,
            "message": "For all our children." if number % 40 == 0 else "",
            "delivered": countries[i] == "IT" and number <= last * 0.9,
            "signed_at": signed,
            "confirmed_at": when,
            **voters[i],
        }
        if number % 50 == 0:
            row |= {"status": "withdrawn", "ended_at": when, **EMPTY, "answers": "{}"}
        elif number % 97 == 0:
            row |= {"status": "invalidated", "ended_at": when}
        else:
            tallies[at.date(), countries[i], languages[i], sources[i]] += 1
            if voters[i]:
                homes[voters[i]["home_region"], countries[i]] += 1
        yield row
        pk += 1
        if number % 20 == 0:
            address = f"attempt.{number}@example.com"
            yield row | {
                "id": pk,
                "number": None,
                "status": "unconfirmed",
                "given_name": given,
                "family_name": family,
                "name_key": name_key,
                "family_key": family_key,
                "email": address,
                "email_key": address,
                "email_domain": "example.com",
                "confirmed_at": None,
                "ended_at": None,
                "delivered": False,
            }
            pk += 1


def _voters(petition, rng, countries):
    """The fields on where people vote, for people in these countries of residence; {} without."""
    if petition.home_country != "US":
        return [{}] * len(countries)
    scheme = get_scheme("US")
    states = rng.choices(*zip(*STATES, strict=True), k=len(countries))
    ties = rng.choices(*zip(*TIES, strict=True), k=len(countries))
    return [
        {
            "home_country": "US",
            "home_region": state,
            "home_district": rng.choice(scheme.get_districts(state))
            if rng.random() < 2 / 3
            else "",
            "home_tie": tie,
        }
        if country != "US" and rng.random() < 1 / 2
        else {}
        for country, state, tie in zip(countries, states, ties, strict=True)
    ]


def _token(row):
    return {
        "sha256": hashlib.sha256(str(row["id"]).encode()).hexdigest(),
        "purpose": "manage" if row["number"] else "confirm",
        "signature_id": row["id"],
    }


def _mail(row):
    return {
        "signature_id": row["id"],
        "kind": "receipt" if row["number"] else "confirm",
        "state": "sent",
        "attempts": 1,
        "due_at": row["signed_at"],
        "created_at": row["signed_at"],
        "sent_at": row["signed_at"],
        "address_hash": hashlib.md5(row["email"].encode()).hexdigest(),
    }


def _insert(model, rows):
    """COPY on PostgreSQL, executemany on SQLite. What a row leaves out has the field's default."""
    fields = [f for f in model._meta.concrete_fields if not (f.primary_key and f.name == "id")]
    if model is Signature:
        fields = list(model._meta.concrete_fields)
    columns = [f.column for f in fields]
    defaults = {
        f.column: "{}" if f.get_internal_type() == "JSONField" else f.get_default() for f in fields
    }
    values = ([row.get(c, defaults[c]) for c in columns] for row in rows)
    names = ", ".join(map(connection.ops.quote_name, columns))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                copy.write("".join("\t".join(map(_copied, row)) + "\n" for row in values))
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)


def _copied(value):
    """A value as COPY reads it; ours hold no tab, line break or backslash."""
    return "\\N" if value is None else str(value)


@contextlib.contextmanager
def _without_indexes(*models):
    """Drop the tables' indexes while filling, and create them again afterwards: much faster."""
    tables = [model._meta.db_table for model in models]
    if connection.vendor == "postgresql":
        # Superusers only: the checks of foreign keys row by row.
        before = ["SET LOCAL session_replication_role = replica"]
        before += ["SET LOCAL maintenance_work_mem = '512MB'"]
        query = """SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)
            AND indexname NOT IN (SELECT conname FROM pg_constraint)"""
        parameters = [tables]
    else:
        before = ["PRAGMA cache_size = -500000"]
        query = """SELECT name, sql FROM sqlite_master
            WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (%s, %s, %s)"""
        parameters = tables
    with connection.cursor() as cursor:
        for statement in before:
            cursor.execute(statement)
        cursor.execute(query, parameters)
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        yield
        for _name, definition in indexes:
            cursor.execute(definition)


def _count(petition, number, counted, tallies, homes):
    Petition.objects.filter(pk=petition.pk).update(
        last_number=number, signature_count=petition.signature_count + counted
    )
    cells = {(t.day, t.country, t.language, t.source): t.count for t in petition.tallies.all()}
    petition.tallies.all().delete()
    Tally.objects.bulk_create(
        Tally(petition=petition, day=d, country=c, language=lang, source=s, count=count)
        for (d, c, lang, s), count in (tallies + Counter(cells)).items()
    )
    cells = {(t.home_region, t.country): t.count for t in petition.home_tallies.all()}
    petition.home_tallies.all().delete()
    HomeTally.objects.bulk_create(
        HomeTally(petition=petition, home_region=region, country=country, count=count)
        for (region, country), count in (homes + Counter(cells)).items()
    )


def _reset_sequences():
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Signature]):
            cursor.execute(statement)


def _analyse():
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
