"""Users with different permissions."""

import pytest

from .people import make_user


@pytest.fixture
def manager(page):
    """May see and change the signatures of ``page``."""
    return make_user("manager", "view", "change", "erase", pages=[page])


@pytest.fixture
def reader(page):
    """May see the figures of ``page``, and no signatures."""
    return make_user("reader", "view_petition", pages=[page])


@pytest.fixture
def exporter(page):
    """May see and export the signatures of ``page``."""
    return make_user("exporter", "view", "export", pages=[page])


@pytest.fixture
def log_in(client):
    """Log in as a user; returns the client."""

    def log_in(user):
        client.force_login(user)
        return client

    return log_in
