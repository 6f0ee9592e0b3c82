"""File fields: several at once, opened and cleaned as the form is checked."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import FileField, FileInput

from common.errors import Invalid
from tickets.attachments import Prepared, take
from tickets.words import FileKind

PHOTOS = "image/jpeg,image/png,image/webp,image/heic,image/heif"
ANYTHING = f"{PHOTOS},audio/*,video/mp4,video/webm,video/quicktime,application/pdf"


class FilesInput(FileInput):
    """文件选单: several at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """Every file under that name, also where they came as a plain mapping."""
        if hasattr(files, "getlist"):
            return list(files.getlist(name))
        found = files.get(name) or []
        return list(found) if isinstance(found, list | tuple) else [found]


class FilesField(FileField):
    """文件: a list of prepared attachments of one kind, or of any by their content."""

    widget = FilesInput

    def __init__(self, *, kind: FileKind | str = "", on_site: bool = False, **kwargs: Any) -> None:
        self.kind = kind
        accept = {"": ANYTHING, FileKind.AUDIO: "audio/*"}.get(kind, PHOTOS)
        attrs: dict[str, Any] = {"multiple": True, "accept": accept}
        if on_site:  # a phone opens its camera, not its album
            attrs |= {"capture": "environment"}
        super().__init__(widget=FilesInput(attrs=attrs), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Prepared]:
        """Raises `ValidationError` with the sentence that names the file."""
        files = [file for file in data or [] if file]
        if not files:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return []
        try:
            return take(files, self.kind)
        except Invalid as refused:
            raise ValidationError(refused.sentence, code="file") from None
