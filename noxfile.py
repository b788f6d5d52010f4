"""The suite on every supported combination: ``nox``, or one of them as ``nox -s "tests-3.12(django='6.0', wagtail='7.4')"``.

Browser and packaging tests are left to ``make test``: they don't differ by version.
"""

import nox

nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False

# Python and Django that go together; each with every supported Wagtail.
PYTHONS = {
    "5.2": ["3.11", "3.12", "3.13", "3.14"],
    "6.0": ["3.12", "3.13", "3.14"],
    "6.1": ["3.12", "3.13", "3.14"],
}
WAGTAILS = ["7.4", "8.0"]
# Wagtail 7.4 was released before Django 6.1 and does not run on it.
UNSUPPORTED = {("6.1", "7.4")}


@nox.session
@nox.parametrize(
    ("python", "django", "wagtail"),
    [
        (python, django, wagtail)
        for django, pythons in PYTHONS.items()
        for python in pythons
        for wagtail in WAGTAILS
        if (django, wagtail) not in UNSUPPORTED
    ],
)
def tests(session, django, wagtail):
    """The suite on SQLite."""
    session.install("-e", ".[suite]", f"Django~={django}.0", f"wagtail~={wagtail}.0")
    session.run(
        "python",
        "-m",
        "pytest",
        "-n",
        "2",
        "--ignore=tests/browser",
        "-m",
        "not browser and not packaging and not benchmarks",
        *session.posargs,
    )
