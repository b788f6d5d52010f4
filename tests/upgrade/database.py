"""A database of an older site, beside the suite's own, upgraded to the present."""

import json
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

OLD_SITE = Path(__file__).parent / "old_site"
DATA = json.loads((OLD_SITE / "site.json").read_text(encoding="utf-8"))


def old_rows(model):
    """The older site's rows of a model: {primary key: fields}."""
    label = model._meta.label_lower
    return {row["pk"]: row["fields"] for row in DATA["rows"] if row["model"] == label}


def create(name, folder):
    """A connection to a new database beside the one in use: a file in ``folder``, or on the server."""
    usual = connections["default"]
    made = usual.copy()
    if made.vendor == "sqlite":
        made.settings_dict["NAME"] = folder / f"{name}.sqlite3"
    else:
        made.settings_dict["NAME"] = name
        _run(usual, f"CREATE DATABASE {made.ops.quote_name(name)}")
    return made


def drop(connection):
    """Delete what ``create`` made."""
    connection.close()
    if connection.vendor != "sqlite":
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        _run(connections["default"], f"DROP DATABASE {name}")


def _run(connection, sql):
    # Connected to no database in particular; Django makes its test databases over it too.
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)


@contextmanager
def in_use(connection):
    """``connection`` is the default one meanwhile."""
    usual = connections["default"]
    connections["default"] = connection
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        connections["default"] = usual
        ContentType.objects.clear_cache()


def make_old_site(connection):
    """Migrate an empty database as far as the older site had come, and load its rows."""
    targets = list(DATA["migrations"].items())
    MigrationExecutor(connection).migrate(targets)
    load(MigrationExecutor(connection).loader.project_state(targets).apps, connection)


def load(apps, connection):
    """Put the older site's rows in the place of those that migrating has made."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        for model in models:
            if model._meta.app_label != "wagtailsearch":
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
        for label, rows in groupby(DATA["rows"], itemgetter("model")):
            _load_model(apps.get_model(label), rows)
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)


def _load_model(model, rows):
    many = {field.name: field for field in model._meta.many_to_many}
    for row in rows:
        made = model(pk=model._meta.pk.to_python(row["pk"]))
        for name, value in row["fields"].items():
            if name in many:
                _load_links(many[name], row["pk"], value)
                continue
            field = model._meta.get_field(name)
            setattr(made, field.attname, getattr(field, "target_field", field).to_python(value))
        # As Django loads fixtures: the row of this very table, as it is.
        made.save_base(raw=True, force_insert=True)


def _load_links(field, pk, others):
    through = field.remote_field.through
    own, other = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    through.objects.bulk_create(through(**{own: pk, other: each}) for each in others)


def upgrade():
    """Upgrade the site like its administrator."""
    call_command("migrate", verbosity=0)
