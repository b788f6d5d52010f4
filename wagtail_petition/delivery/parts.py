"""The parts of a split delivery together: how far they are, and all of their files as one ZIP."""

import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any, NamedTuple, cast

from django.db.models import Count, Q, QuerySet, Sum

from wagtail_petition.models.delivery import Delivery, DeliveryFile
from wagtail_petition.models.delivery_split import DeliverySplit
from wagtail_petition.storage import private_storage

from . import selection
from .membership import Members, pack

State = Delivery.State
# With files that were made for it.
MADE = (State.READY, State.DELIVERED)


class Progress(NamedTuple):
    """How many parts are in each state, ``{state: count}``, and the signatures in those made."""

    states: dict[str, int]
    signatures: int

    @property
    def parts(self) -> int:
        return sum(self.states.values())

    @property
    def is_waiting(self) -> bool:
        """Whether parts are still being prepared."""
        return State.QUEUED in self.states

    @property
    def is_complete(self) -> bool:
        """Whether all parts are made, except those that were cancelled, and there is one."""
        over = {*MADE, State.CANCELLED}
        return self.states.keys() <= over and any(state in self.states for state in MADE)


def get_progress(split: DeliverySplit) -> Progress:
    """How far the parts of ``split`` are, in one query."""
    is_made = Q(state__in=MADE)
    rows = split.parts.order_by().values_list("state")
    counted = list(rows.annotate(parts=Count("pk"), signatures=Sum("count", filter=is_made)))
    return Progress(
        {state: parts for state, parts, _count in counted},
        sum(count or 0 for _state, _parts, count in counted),
    )


def gone_from(split: DeliverySplit) -> dict[int, int]:
    """How many signatures of each ready part no longer count: {pk of the part: count}.

    Parts without any are left out. Takes two queries, however many parts there are.
    """
    ready = list(split.parts.filter(state=State.READY).order_by())
    if not ready:
        return {}
    # All parts have the same range.
    ready[0].petition = split.petition
    found = selection.in_range(ready[0]).filter(selection.GONE).order_by()
    numbers = found.values_list("number", flat=True).iterator(chunk_size=10_000)
    # For mypy: all signatures in a range have a number.
    gone = Members(pack(number for number in numbers if number is not None))
    counts = {part.pk: len(gone & Members(part.members)) for part in ready}
    return {pk: count for pk, count in counts.items() if count}


def get_archives(split: DeliverySplit) -> QuerySet[DeliveryFile]:
    """The ZIP files of the parts of ``split``, in their order."""
    files = DeliveryFile.objects.filter(delivery__split=split, delivery__state__in=MADE)
    return files.filter(name__endswith=".zip").order_by("delivery_id")


def zip_chunks(archives: Iterable[DeliveryFile], texts: dict[str, bytes]) -> Iterator[bytes]:
    """One ZIP file of stored ``archives`` and of ``texts``, {name: content}, made while it is read.

    They aren't compressed again, and no more than a chunk is in memory.
    """
    out = _Chunks()
    with zipfile.ZipFile(cast(IO[bytes], out), "w", zipfile.ZIP_STORED) as bundle:
        for name, content in texts.items():
            bundle.writestr(zipfile.ZipInfo(name), content)
        for archive in archives:
            info = zipfile.ZipInfo(archive.name)
            # Decides whether its entry can hold more than 4 GB.
            info.file_size = archive.size
            with private_storage().open(archive.path) as source, bundle.open(info, "w") as target:
                while chunk := source.read(1 << 20):
                    target.write(chunk)
                    yield from out.take()
    yield from out.take()


class _Chunks:
    """A file that can only be written to. ``ZipFile`` then goes back for nothing."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: Any) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> list[bytes]:
        taken, self._waiting = self._waiting, []
        return taken
