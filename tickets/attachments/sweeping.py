"""Files without a row, and erased rows whose files are still there. Idempotent; safe twice."""

from datetime import datetime, timedelta

from django.core.files.storage import Storage

from common import clock
from tickets.attachments.storing import remove, room
from tickets.models import Attachment

KEPT_FOR = timedelta(days=1)
LOOKED_BACK = timedelta(days=31)
BATCH = 500


def sweep(*, at: datetime, everything: bool = False) -> int:
    """清理附件: returns how many files and erased rows were dealt with.

    Looks at the last month's folders, unless `everything` is asked for.
    """
    return remove_erased() + _orphans(at, everything)


def remove_erased() -> int:
    """删除已脱敏的文件: the rows say so already; the name goes last."""
    done = 0
    for row in Attachment.objects.exclude(erased_at=None).exclude(name="")[:BATCH]:
        if remove(row.name, row.copies, row.media_type):
            done += Attachment.objects.filter(pk=row.pk).update(name="")
    return done


def _orphans(at: datetime, everything: bool) -> int:
    store = room()
    begin = f"{clock.local(at - LOOKED_BACK):%Y%m%d}"
    try:
        days = [day for day in store.listdir("")[0] if everything or day >= begin]
    except FileNotFoundError:  # nothing was ever kept
        return 0
    return sum(_orphans_of(store, day, at) for day in sorted(days))


def _orphans_of(store: Storage, day: str, at: datetime) -> int:
    files = [f"{day}/{file}" for file in store.listdir(day)[1]]
    done = 0
    for begin in range(0, len(files), BATCH):
        batch = {file: file.partition("-")[0] for file in files[begin : begin + BATCH]}
        known = set(
            Attachment.objects.filter(name__in=set(batch.values())).values_list("name", flat=True)
        )
        for file, name in batch.items():
            if name not in known and store.get_modified_time(file) < at - KEPT_FOR:
                store.delete(file)
                done += 1
    return done
