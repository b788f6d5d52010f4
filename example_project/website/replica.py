"""Read the admin's lists and exports from a replica."""

from contextvars import ContextVar

from django.urls import reverse

_reads_replica = ContextVar("reads_replica", default=False)


def read_from_replica(get_response):
    """Who looks at signatures in the admin, or exports them, may see what is a second old."""

    def middleware(request):
        looks = request.method == "GET" or request.path.endswith("/export/")
        admin = reverse("wagtailadmin_home")
        token = _reads_replica.set(looks and request.path.startswith(f"{admin}petition"))
        try:
            return get_response(request)
        finally:
            _reads_replica.reset(token)

    return middleware


class ReplicaRouter:
    """Signatures are read from "replica" within such a request. All else is "default"."""

    def db_for_read(self, model, **hints):
        ours = model._meta.app_label == "wagtail_petition"
        return "replica" if ours and _reads_replica.get() else "default"

    def db_for_write(self, model, **hints):
        # Also for what was read from the replica.
        return "default"

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == "default"
