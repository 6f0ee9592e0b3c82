"""python -m tests.people.shots URL FOLDER [NAME …]: what `hubinctl shots` takes."""

import sys
from pathlib import Path

import django


def main() -> int:
    url, folder, *names = sys.argv[1:]
    django.setup()
    from tests.people.camera import take

    for name in take(url, Path(folder), set(names)):
        print(name, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
