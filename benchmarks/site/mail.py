"""Where mail goes, in the settings that the installed Django has for it."""

import django

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def mail_settings(*, port, timeout, host="127.0.0.1"):
    """Django's settings for a mail server: ``{name: value}``; ``timeout`` in seconds."""
    if django.VERSION >= (6, 1):
        options = {"host": host, "port": port, "timeout": timeout}
        return {"MAILERS": {"default": {"BACKEND": SMTP, "OPTIONS": options}}}
    return {
        "EMAIL_BACKEND": SMTP,
        "EMAIL_HOST": host,
        "EMAIL_PORT": port,
        "EMAIL_TIMEOUT": timeout,
    }
