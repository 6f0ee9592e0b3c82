"""The data folder: where everything stands that is this machine's own."""

import fcntl
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hubin.local.trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = ROOT / "var"


def default_folder() -> Path:
    return Path(os.environ.get("HUBIN_DATA_DIR") or DEFAULT)


def write_private(path: Path, content: str) -> None:
    """Whole or not at all, and from its first byte readable by its owner only."""
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        os.fchmod(number, stat.S_IRUSR | stat.S_IWUSR)  # whatever the umask
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_json(path: Path, content: Any) -> None:
    write_private(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """The file's object; {} where there is no file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Trouble(
            f"{path} cannot be read ({error}); put it back from a copy or use another --data-dir."
        ) from error
    if not isinstance(content, dict):
        raise Trouble(f"{path} holds no JSON object; put it back from a copy.")
    return content


class DataFolder:
    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self._lock: int | None = None

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def valkey(self) -> Path:
        return self.path / "valkey"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def static(self) -> Path:
        return self.path / "static"

    @property
    def secrets_file(self) -> Path:
        return self.path / "secrets.json"

    @property
    def state_file(self) -> Path:
        return self.path / "state.json"

    @property
    def processes_file(self) -> Path:
        return self.path / "processes.json"

    @property
    def run_file(self) -> Path:
        return self.path / "run.json"

    @property
    def lock_file(self) -> Path:
        return self.path / "lock"

    @property
    def gate_file(self) -> Path:
        return self.path / "lock.gate"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def open(self) -> None:
        """Make it ready to be written to, or say why it cannot be."""
        try:
            for folder in (self.path, self.logs, self.valkey):
                existed = folder.exists()
                folder.mkdir(parents=True, exist_ok=True)
                if not existed:
                    folder.chmod(0o700)
            with tempfile.TemporaryFile(dir=self.path):
                pass
        except OSError as error:
            raise Trouble(
                f"The data folder {self.path} cannot be written to ({error.strerror});"
                " choose another one with --data-dir."
            ) from error

    def remember(self, **values: Any) -> None:
        write_json(self.state_file, {**read_json(self.state_file), **values})

    def remembered(self, name: str) -> Any:
        return read_json(self.state_file).get(name)

    def lock(self) -> None:
        """Held until this process ends, however it ends."""
        with self._gate():
            is_ours = self.try_lock()
        if not is_ours:
            raise Trouble(
                f"Hubin already runs on {self.path} (process {self.holder() or 'unknown'});"
                " stop it with ./hubinctl stop, or choose another folder with --data-dir."
            )

    @contextmanager
    def _gate(self) -> Iterator[None]:
        """One at a time, for a moment: who only asks (`in_use`) is never taken for a launcher."""
        number = os.open(self.gate_file, os.O_RDWR | os.O_CREAT, stat.S_IRUSR | stat.S_IWUSR)
        try:
            fcntl.flock(number, fcntl.LOCK_EX)
            yield
        finally:
            os.close(number)

    def try_lock(self) -> bool:
        number = os.open(self.lock_file, os.O_RDWR | os.O_CREAT, stat.S_IRUSR | stat.S_IWUSR)
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(number)
            return False
        os.ftruncate(number, 0)
        os.write(number, str(os.getpid()).encode())
        self._lock = number
        return True

    def unlock(self) -> None:
        if self._lock is not None:
            os.ftruncate(self._lock, 0)
            os.close(self._lock)
            self._lock = None

    def in_use(self) -> bool:
        """Does a launcher hold this folder?"""
        if not self.lock_file.exists():
            return False
        with self._gate():
            is_free = self.try_lock()
            if is_free:
                self.unlock()
        return not is_free

    def holder(self) -> int | None:
        try:
            return int(self.lock_file.read_text())
        except (OSError, ValueError):
            return None
