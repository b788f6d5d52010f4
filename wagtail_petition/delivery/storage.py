"""Where files with signatures lie: never under MEDIA_URL."""

from pathlib import Path

from django.conf import settings as django_settings
from django.core.files.storage import FileSystemStorage, storages

from wagtail_petition.conf import settings


def private_storage():
    """The storage named by ``PRIVATE_STORAGE``, or a folder beside the media folder."""
    if settings.PRIVATE_STORAGE:
        return storages[settings.PRIVATE_STORAGE]
    folder = Path(django_settings.MEDIA_ROOT or Path.cwd() / "media").resolve()
    return FileSystemStorage(
        location=folder.with_name("petition_files"),
        base_url=None,
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )
