"""Attachments in an S3-compatible store: a real server, a real client, over HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3  # type: ignore[import-untyped]
import pytest
from django.core.files.base import ContentFile
from moto.server import ThreadedMotoServer

from common.actors import SYSTEM
from common.errors import Unavailable
from hubin.settings.files import s3
from tests.files import ready
from tests.servers.plain import Reply, Server, running
from tests.tickets.pages import entered, text_of
from tests.world import World
from tickets import actions, sweeps
from tickets.attachments import sweeping
from tickets.attachments.storing import room
from tickets.models import Attachment
from tickets.proof import chain
from tickets.proof.facts import Tally

BUCKET = "hubin-test"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The store, on a port of its own."""
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, settings: Any) -> Any:
    """An empty bucket, and the setting that points to it."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    client = boto3.resource("s3", endpoint_url=server, region_name="us-east-1", **keys)
    made = client.Bucket(BUCKET)
    made.create()
    made.objects.all().delete()
    settings.STORAGES = {**settings.STORAGES, "attachments": at(server)}
    return made


def at(endpoint: str) -> dict[str, Any]:
    """As an administrator sets it."""
    return s3(
        BUCKET, endpoint_url=endpoint, region_name="us-east-1", access_key="test",
        secret_key="test", location="photos",
    )  # fmt: skip


def keys_in(bucket: Any) -> list[str]:
    return [row.key for row in bucket.objects.all()]


def test_files_go_to_the_bucket_and_come_back(nine: World, bucket: Any) -> None:
    ticket = nine.reported(files=[ready()])
    row = Attachment.objects.get()
    assert {key.rpartition("-")[0] for key in keys_in(bucket)} == {f"photos/{row.name}"}
    answer: Any = entered(nine.desk).get(f"/tickets/{ticket.number}/attachments/{row.pk}/")
    assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"


def test_a_piece_of_a_file_comes_back(nine: World, bucket: Any) -> None:
    ticket = nine.reported(files=[ready()])
    door = f"/tickets/{ticket.number}/attachments/{Attachment.objects.get().pk}/"
    answer: Any = entered(nine.desk).get(door, headers={"range": "bytes=0-2"})
    assert b"".join(answer.streaming_content) == b"\xff\xd8\xff"


def test_what_the_bucket_lost_is_found(nine: World, bucket: Any) -> None:
    nine.reported(files=[ready()])
    assert list(chain.verify(tally=Tally())) == []
    bucket.objects.all().delete()
    assert len(list(chain.verify(tally=Tally()))) == 4


TROUBLES = {
    "refuses": Reply(403), "fails": Reply(500),
    "goes away": Reply(200, b"x" * 1000, cut=True),
}  # fmt: skip


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_store_in_trouble_is_told(nine: World, bucket: Any, settings: Any, trouble: str) -> None:
    ticket = nine.reported(files=[ready()])
    door = f"/tickets/{ticket.number}/attachments/{Attachment.objects.get().pk}/"
    with running(Server(lambda asked: TROUBLES[trouble])) as broken:
        settings.STORAGES = {**settings.STORAGES, "attachments": at(broken.url)}
        answer = entered(nine.desk).get(door)
    assert answer.status_code == 503
    assert "稍后再试" in text_of(answer)


@pytest.mark.full
def test_nobody_waits_long_for_a_silent_store(nine: World, settings: Any) -> None:
    with running(Server(lambda asked: Reply(silent=True))) as silent:
        settings.STORAGES = {**settings.STORAGES, "attachments": at(silent.url)}
        with pytest.raises(Unavailable):
            nine.reported(files=[ready()])
        assert len(silent.asked) <= 4
    assert not Attachment.objects.exists()


def test_erasing_empties_the_bucket(nine: World, bucket: Any) -> None:
    ticket = nine.verified(origin="PATROL", by=nine.grid_worker, files=[ready()])
    actions.erase(ticket, by=SYSTEM, at=nine.at, rule="two-years")
    sweeps.run("files", at=nine.at)
    assert keys_in(bucket) == []


def test_a_file_without_a_row_is_swept(nine: World, bucket: Any) -> None:
    name = room().save("20261120/" + "a" * 32 + "-kept.jpg", ContentFile(b"x"))
    later = room().get_modified_time(name) + timedelta(days=2)
    assert [sweeping.sweep(at=later, everything=True) for _turn in "12"] == [1, 0]
