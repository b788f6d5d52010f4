"""Where files with signatures lie: never under MEDIA_URL."""

import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings as django_settings
from django.core.files.storage import FileSystemStorage, storages

from wagtail_petition.conf import settings


class BesideMedia(FileSystemStorage):
    """A private folder beside the media folder, which git ignores wherever it lies."""

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
    """The storage named by ``PRIVATE_STORAGE``, or a folder beside the media folder."""
    if settings.PRIVATE_STORAGE:
        return storages[settings.PRIVATE_STORAGE]
    return BesideMedia()


# Where the files of deliveries lie in the storage, each delivery's in a folder of its own.
DELIVERIES = "deliveries"


def get_folder(delivery):
    """The folder of a delivery in the storage."""
    return f"{DELIVERIES}/{delivery.uid}"


# Nobody works longer than that in a folder for work: it is one that a killed worker left.
ABANDONED = 24 * 3600


@contextmanager
def work_folder(purpose):
    """A temporary folder (a ``Path``), deleted in the end.

    What workers that were killed left on this machine is deleted first: it holds signatures.
    """
    prefix = f"petition-{purpose}-"
    for old in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        if old.is_dir() and old.stat().st_mtime < time.time() - ABANDONED:
            shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix) as folder:
        yield Path(folder)
