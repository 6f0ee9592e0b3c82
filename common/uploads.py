"""Uploads go to a temporary file, and what is too much is read but not kept."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """有界上传: past the limit of a request nothing more is written; the form then says so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._written = 0
        self._is_dropping = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A new part of the request."""
        super().new_file(*args, **kwargs)
        self._is_dropping = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of the file."""
        self._written += len(raw_data)
        if self._written > settings.HUBIN_UPLOAD_BYTES and not self._is_dropping:
            self._is_dropping = True
            self.file.truncate(0)
        if not self._is_dropping:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> Any:
        """The file, or the husk of one that was too much."""
        found = super().file_complete(file_size)
        if found is not None and self._is_dropping:
            found.is_dropped = True  # type: ignore[attr-defined]
        return found
