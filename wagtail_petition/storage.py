"""The private storage for files with signatures. It must not be under MEDIA_URL."""

import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.files.storage import FileSystemStorage, storages

from wagtail_petition.conf import settings


class BesideMedia(FileSystemStorage):
    """A private folder next to the media folder, with a .gitignore file."""

    def __init__(self):
        media = Path(django_settings.MEDIA_ROOT or Path.cwd() / "media").resolve()
        super().__init__(
            location=media.with_name("petition_files"),
            base_url=None,
            file_permissions_mode=0o600,
            directory_permissions_mode=0o700,
        )

    def _save(self, name, content):
        saved = super()._save(name, content)
        ignored = Path(self.location) / ".gitignore"
        if not ignored.exists():
            ignored.write_text("*\n")
        return saved


def private_storage():
    """The storage named by ``PRIVATE_STORAGE``, or a folder next to the media folder."""
    if settings.PRIVATE_STORAGE:
        return storages[settings.PRIVATE_STORAGE]
    return BesideMedia()


# The folder of all deliveries in the storage. Each delivery has its own folder in it.
DELIVERIES = "deliveries"


def get_folder(delivery: Any) -> str:
    """The folder of a delivery in the storage."""
    return f"{DELIVERIES}/{delivery.uid}"


# In seconds. An older work folder was left by a worker that died.
ABANDONED = 24 * 3600


@contextmanager
def work_folder(purpose):
    """A temporary folder (a ``Path``), deleted when the context ends.

    Deletes abandoned work folders first, because they hold signatures.
    """
    prefix = f"petition-{purpose}-"
    for old in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        # Another worker may have deleted its own just now.
        with suppress(FileNotFoundError):
            if old.is_dir() and old.stat().st_mtime < time.time() - ABANDONED:
                shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix) as folder:
        yield Path(folder)
