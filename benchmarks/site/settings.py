"""A small Wagtail site as its project template makes it, with the package and its peers.

The database, the mail server and the like come from the environment.
"""

import os
from pathlib import Path

import dj_database_url

from benchmarks.site.mail import mail_settings

BASE_DIR = Path(__file__).parent

SECRET_KEY = "only-for-benchmarks"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
USE_TZ = True
ROOT_URLCONF = "benchmarks.site.urls"
WAGTAIL_SITE_NAME = "Benchmarks"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1"
STATIC_URL = "/static/"
MEDIA_URL = "/media/"
MEDIA_ROOT = os.environ.get("BENCH_MEDIA", BASE_DIR / "media")

# Connections are kept, for our pages and their peers alike: it is worth more than anything else.
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{BASE_DIR / 'bench.sqlite3'}", conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
        "timeout": 20,
    }

INSTALLED_APPS = [
    "benchmarks.site",
    "wagtail_petition",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

WAGTAIL_I18N_ENABLED = True
LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("it", "Italiano")]

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "KEY_FUNCTION": "benchmarks.databases.cache_key",
    }
}
if "REDIS_URL" in os.environ:
    CACHES["default"] |= {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["REDIS_URL"],
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
locals().update(
    mail_settings(
        port=int(os.environ.get("SMTP_PORT", 25)),
        timeout=float(os.environ.get("SMTP_TIMEOUT", 10)),
    )
)
DEFAULT_FROM_EMAIL = "petitions@example.org"

WAGTAIL_PETITION = {
    # Web processes only queue emails; a worker sends them.
    "BACKGROUND": "worker",
    # All load comes from one address here.
    "SIGNATURES_PER_NETWORK": (),
    "SIGNATURES_PER_NETWORK_AT_MOST": (),
}
