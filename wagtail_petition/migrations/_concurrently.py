"""Creates indexes while others write, on databases that can."""

from django.db import migrations


class AddIndexConcurrently(migrations.AddIndex):
    """Adds an index. PostgreSQL reads the table twice for it, but keeps nobody waiting.

    The migration must not be atomic. Django's own operation of this name works on PostgreSQL only.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        if schema_editor.connection.vendor == "postgresql":
            # What is left of an attempt that was stopped half-way.
            schema_editor.execute(
                f"DROP INDEX IF EXISTS {schema_editor.quote_name(self.index.name)}"
            )
            schema_editor.add_index(model, self.index, concurrently=True)
        else:
            schema_editor.add_index(model, self.index)


class AddUniqueConcurrently(migrations.AddConstraint):
    """Adds a unique constraint with a condition, which is an index, in the same way."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            name = schema_editor.quote_name(self.constraint.name)
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
            create = str(self.constraint.create_sql(model, schema_editor))
            schema_editor.execute(
                create.replace("CREATE UNIQUE INDEX", "CREATE UNIQUE INDEX CONCURRENTLY", 1)
            )
