"""Where attachments are kept and how large they may be."""

from pathlib import Path
from typing import Any

import environ

env = environ.Env()
ROOT = Path(__file__).resolve().parents[2]
MB = 1 << 20

HUBIN_FILES = env("HUBIN_FILES", default=str(ROOT / "var" / "files"))
HUBIN_S3_BUCKET = env("HUBIN_S3_BUCKET", default="")

HUBIN_PHOTO_BYTES = env.int("HUBIN_PHOTO_BYTES", default=15 * MB)
HUBIN_AUDIO_BYTES = env.int("HUBIN_AUDIO_BYTES", default=10 * MB)
HUBIN_VIDEO_BYTES = env.int("HUBIN_VIDEO_BYTES", default=50 * MB)
HUBIN_PDF_BYTES = env.int("HUBIN_PDF_BYTES", default=20 * MB)
HUBIN_UPLOAD_BYTES = env.int("HUBIN_UPLOAD_BYTES", default=120 * MB)  # of one request
HUBIN_PHOTO_PIXELS = env.int("HUBIN_PHOTO_PIXELS", default=50_000_000)
HUBIN_AUDIO_SECONDS = env.int("HUBIN_AUDIO_SECONDS", default=60)
HUBIN_VIDEO_SECONDS = env.int("HUBIN_VIDEO_SECONDS", default=15)
HUBIN_PDF_PAGES = env.int("HUBIN_PDF_PAGES", default=200)
HUBIN_FILES_AT_ONCE = env.int("HUBIN_FILES_AT_ONCE", default=9)
HUBIN_FILES_OF_TICKET = env.int("HUBIN_FILES_OF_TICKET", default=200)
HUBIN_FAR_METRES = env.int("HUBIN_FAR_METRES", default=100)

# of all fields of a form together: well above what is allowed, so that the form can say so itself
DATA_UPLOAD_MAX_NUMBER_FILES = 200
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "common.uploads.BoundedUploadHandler",
]


def attachments() -> dict[str, Any]:
    """附件存储: a local folder, or an S3-compatible store where a bucket is named."""
    if not HUBIN_S3_BUCKET:
        return {
            "BACKEND": "tickets.attachments.folder.Folder",
            "OPTIONS": {"location": HUBIN_FILES},
        }
    return s3(
        HUBIN_S3_BUCKET,
        endpoint_url=env("HUBIN_S3_ENDPOINT", default=None),
        region_name=env("HUBIN_S3_REGION", default=None),
        access_key=env("HUBIN_S3_ACCESS_KEY", default=None),
        secret_key=env("HUBIN_S3_SECRET_KEY", default=None),
        location=env("HUBIN_S3_PREFIX", default=""),
        addressing_style=env("HUBIN_S3_ADDRESSING", default="auto"),
    )


def s3(bucket: str, *, addressing_style: str = "auto", **where: Any) -> dict[str, Any]:
    """S3 存储: asked twice at most, a few seconds each; its own default is five minutes."""
    from botocore.config import Config  # type: ignore[import-untyped]

    client = Config(
        s3={"addressing_style": addressing_style},
        connect_timeout=2,
        read_timeout=5,
        retries={"mode": "standard", "total_max_attempts": 2},
    )
    options = {
        "bucket_name": bucket,
        "client_config": client,
        "default_acl": None,  # as the bucket says: never public by us
        "file_overwrite": True,  # names are random, no look-up before writing
        "querystring_auth": True,
        "max_memory_size": MB,  # what is larger is read by way of a temporary file
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options | where}


ATTACHMENTS = attachments()
