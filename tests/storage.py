"""Static files of tests: uncollected, but as strict about their names as what is collected."""

from functools import cache

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


@cache
def _is_there(name: str) -> bool:
    return bool(name and finders.find(name))


class StrictStaticFiles(StaticFilesStorage):
    """静态文件: raises `ValueError` for a name without a file, as production does."""

    def url(self, name: str | None) -> str:
        if not _is_there((name or "").partition("#")[0]):
            raise ValueError(f"Missing staticfiles manifest entry for {name!r}")
        return super().url(name)
