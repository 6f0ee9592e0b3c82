"""What is too much is read to its end and not kept, and the form can say so."""

from typing import Any

import pytest
from django.test import RequestFactory

from common.errors import Invalid
from tests.files import photo, upload
from tickets.attachments import prepare


@pytest.fixture(autouse=True)
def small(settings: Any) -> None:
    """Everything to a file; no more than 10,000 bytes a request."""
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    settings.HUBIN_UPLOAD_BYTES = 10_000


def sent(*sizes: int) -> list[Any]:
    files = [upload(bytes(size), f"{nth}.jpg") for nth, size in enumerate(sizes)]
    return list(RequestFactory().post("/", {"files": files}).FILES.getlist("files"))


def test_what_fits_is_kept() -> None:
    assert [len(file.read()) for file in sent(4000, 4000)] == [4000, 4000]


def test_what_is_too_much_takes_no_room() -> None:
    first, second = sent(4000, 200_000)
    assert (len(first.read()), len(second.read())) == (4000, 0)


def test_a_file_that_was_not_taken_is_named_with_the_cure(settings: Any) -> None:
    settings.HUBIN_UPLOAD_BYTES = 1 << 20
    with pytest.raises(Invalid, match=r"“0.jpg”没有收下：一次上传合计最多 1 MB"):
        prepare(sent(1_100_000)[0])


def test_a_photo_that_came_through_a_file_is_taken(settings: Any) -> None:
    settings.HUBIN_UPLOAD_BYTES = 1 << 20
    request = RequestFactory().post("/", {"files": [upload(photo())]})
    assert prepare(request.FILES["files"]).kind == "NEAR"
