"""Signatures to moderate, as in ``tests.moderation``."""

from tests.moderation.conftest import crowd, people  # noqa: F401
