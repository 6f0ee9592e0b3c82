"""The local folder: readable by the house alone, and on the disk before the record says so."""

import os
from typing import Any

from django.core.files.storage import FileSystemStorage


class Folder(FileSystemStorage):
    """附件夹: outside the web root; has no address of its own."""

    def __init__(self, location: str, **kwargs: Any) -> None:
        super().__init__(
            location, base_url=None, file_permissions_mode=0o600,
            directory_permissions_mode=0o700, **kwargs,
        )  # fmt: skip

    def _save(self, name: str, content: Any) -> str:
        kept: str = super()._save(name, content)  # type: ignore[misc]
        path = self.path(kept)
        for one in (path, os.path.dirname(path)):
            handle = os.open(one, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        return kept
