"""Secrets of this installation: made once, kept in one file that only its owner reads."""

import secrets
from dataclasses import asdict, dataclass, fields

from hubin.local.folder import DataFolder, read_json, write_json
from hubin.local.trouble import Trouble


@dataclass(frozen=True)
class Keys:
    secret_key: str
    salt_key: str
    lookup_key: str
    postgres_password: str
    owner_password: str
    app_password: str
    redis_password: str

    @classmethod
    def fresh(cls) -> "Keys":
        return cls(**{field.name: secrets.token_urlsafe(40) for field in fields(cls)})


def load(folder: DataFolder) -> Keys:
    """The keys in the folder's file; there must be one."""
    stored = read_json(folder.secrets_file)
    missing = [field.name for field in fields(Keys) if not stored.get(field.name)]
    if missing:
        raise Trouble(
            f"{folder.secrets_file} lacks {', '.join(missing)}; without it the data cannot be"
            " opened: put the file back from a copy, or begin anew with another --data-dir."
        )
    return Keys(**{field.name: str(stored[field.name]) for field in fields(Keys)})


def load_or_make(folder: DataFolder) -> Keys:
    if not folder.secrets_file.exists() and not folder.postgres.exists():
        write_json(folder.secrets_file, asdict(Keys.fresh()))
    return load(folder)
