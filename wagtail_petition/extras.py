"""The extras of the package: what works only where more was installed."""

from importlib.util import find_spec

# What pip installs for each, by the names that one imports.
MODULES = {"altcha": ("altcha",), "pdf": ("typst",)}


def has_extra(name: str) -> bool:
    """Whether everything of the extra ``name`` ("altcha", "pdf") is installed."""
    return all(find_spec(module) for module in MODULES[name])


class MissingExtra(Exception):
    """Something was asked for that needs an extra; the message says so to whoever asked."""
