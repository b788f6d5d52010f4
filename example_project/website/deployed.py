"""The site on several processes or machines: what ``deploy/`` starts.

Everything that differs from place to place comes from the environment.
"""

import os

import dj_database_url
import django

# Django reads settings as the names of one module.
from .settings import *  # noqa: F403
from .settings import BASE_DIR, INSTALLED_APPS, MIDDLEWARE, WAGTAILADMIN_BASE_URL

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "petitions@uscitizensinitaly.example")

# The scheme that visitors use, as the proxy in front says.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Cookies over https alone, where the site has it: to try it out on one machine, it need not.
IS_HTTPS = WAGTAILADMIN_BASE_URL.startswith("https://")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
# Browsers remember for so long that there is https: an hour, until you are sure; then a year.
SECURE_HSTS_SECONDS = int(os.environ.get("HSTS_SECONDS", 3600)) if IS_HTTPS else 0
# Whether it holds for all hosts below this one, and in the lists of browsers, is the domain's matter.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = os.environ.get("HSTS_DOMAIN") == "1"

# Tokens in links are for those who got them, not for who reads logs.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hide_tokens": {"()": "wagtail_petition.logs.HideTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["hide_tokens"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

# From Django 6.0 on, Wagtail's search asks for it.
INSTALLED_APPS = [*INSTALLED_APPS, "django.contrib.postgres"]

# Connections are kept: making one takes longer than most queries.
DATABASES = {"default": dj_database_url.config(conn_max_age=60, conn_health_checks=True)}
if "REPLICA_URL" in os.environ:
    DATABASES["replica"] = dj_database_url.config("REPLICA_URL", conn_max_age=60)
    DATABASE_ROUTERS = ["website.replica.ReplicaRouter"]
    MIDDLEWARE = [*MIDDLEWARE, "website.replica.read_from_replica"]

# One for all web processes: what one forgets, all forget.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["REDIS_URL"],
    }
}
# In the database, and read from the cache.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

if django.VERSION >= (6, 1):
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": os.environ["EMAIL_HOST"],
                "port": int(os.environ.get("EMAIL_PORT", 25)),
                "username": os.environ.get("EMAIL_HOST_USER", ""),
                "password": os.environ.get("EMAIL_HOST_PASSWORD", ""),
                "use_tls": os.environ.get("EMAIL_USE_TLS") == "1",
            },
        }
    }
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["EMAIL_HOST"]
    EMAIL_PORT = int(os.environ.get("EMAIL_PORT", 25))
    EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS") == "1"

# Web processes and workers share both folders: a volume on one machine, S3 or the like on many.
MEDIA_ROOT = os.environ.get("MEDIA_ROOT", BASE_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": os.environ.get("PRIVATE_ROOT", BASE_DIR / "petition_files"),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}

WAGTAIL_PETITION = {
    # Web processes only queue work; run_petition_jobs does it.
    "BACKGROUND": "worker",
    # nginx, and what stands before it.
    "TRUSTED_PROXIES": int(os.environ.get("TRUSTED_PROXIES", 1)),
    "PRIVATE_STORAGE": "private",
}
