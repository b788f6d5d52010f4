"""Users and petitions, as in ``tests.admin``."""

from tests.admin.conftest import other_page, superuser, viewer  # noqa: F401
