"""The optional extras of the package."""

from importlib.util import find_spec

# The modules of each extra.
MODULES = {"altcha": ("altcha",), "anymail": ("anymail",), "pdf": ("typst",)}


def has_extra(name: str) -> bool:
    """Whether the extra ``name`` ("altcha", "anymail" or "pdf") is installed."""
    return all(find_spec(module) for module in MODULES[name])


class MissingExtra(Exception):
    """A feature needs an extra that isn't installed. The message is for the user."""
