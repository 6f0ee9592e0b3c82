"""What the data folder promises: private files, written whole, one launcher at a time."""

import os
from pathlib import Path
from threading import Event, Thread

import pytest

from hubin.local.folder import DataFolder, read_json, write_json, write_private
from hubin.local.keys import Keys, load, load_or_make
from hubin.local.trouble import Trouble


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.open()
    return folder


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_private_files_are_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_private(tmp_path / "run.json", "{}")
    finally:
        os.umask(before)
    assert (tmp_path / "run.json").stat().st_mode & 0o777 == 0o600


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    write_private(tmp_path / "state.json", "{}")
    with pytest.raises(UnicodeEncodeError):
        write_private(tmp_path / "state.json", "half \udc80")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("state.json", "{}")]


def test_two_launchers_do_not_share_a_folder(folder: DataFolder) -> None:
    folder.lock()
    with pytest.raises(Trouble, match=f"already runs .*process {os.getpid()}"):
        DataFolder(folder.path).lock()


def test_an_unlocked_folder_is_free_again(folder: DataFolder) -> None:
    folder.lock()
    folder.unlock()
    assert not folder.in_use()
    DataFolder(folder.path).lock()


def test_who_only_asks_is_never_in_the_way(folder: DataFolder) -> None:
    is_over = Event()

    def ask() -> None:
        while not is_over.is_set():
            DataFolder(folder.path).in_use()

    asking = Thread(target=ask)
    asking.start()
    try:
        for _turn in range(300):
            folder.lock()
            folder.unlock()
    finally:
        is_over.set()
        asking.join()


def test_secrets_are_made_once(folder: DataFolder) -> None:
    made = load_or_make(folder)
    assert load_or_make(folder) == made
    assert len({*vars(made).values()}) == len(vars(made))


def test_incomplete_secrets_name_what_is_missing(folder: DataFolder) -> None:
    content = vars(Keys.fresh()) | {"salt_key": ""}
    write_json(folder.secrets_file, content)
    with pytest.raises(Trouble, match=r"lacks salt_key;"):
        load(folder)


def test_remembering_one_thing_keeps_the_others(folder: DataFolder) -> None:
    folder.remember(web_port=8000)
    folder.remember(redis_port=6390)
    assert folder.remembered("web_port") == 8000


def test_a_broken_file_is_named(folder: DataFolder) -> None:
    folder.state_file.write_text("{")
    with pytest.raises(Trouble, match=r"state\.json cannot be read"):
        read_json(folder.state_file)
