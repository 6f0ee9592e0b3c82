"""What tests of the import share: tables of invented rows, and the command."""

from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

FIXTURES = Path(__file__).parents[1] / "fixtures"
SPOTS, LETTERS = FIXTURES / "spots.toml", FIXTURES / "letters.toml"
HEADER = "nr,what,more,kind,opened,closed,lat,lng,where"
OPEN = "A1,门口有垃圾,三天没有人清运,litter,2026-03-02 09:30,,30.245,120.155,湖滨路 1 号"
CLOSED = "A2,井盖缺失,,manhole,2026-03-02 10:00,2026-03-05 16:00,30.245,120.155,湖滨路 1 号"


@dataclass
class Bringer:
    """Runs import_tickets in one folder."""

    folder: Path

    def table(self, *rows: str, header: str = HEADER, name: str = "rows.csv") -> Path:
        """A table of those rows, in UTF-8."""
        path = self.folder / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8", newline="")
        return path

    @property
    def rejects(self) -> Path:
        return self.folder / "rejects.csv"

    def bring(self, path: Path, profile: Path | str = SPOTS, **options: str) -> str:
        """What the command says on its standard output."""
        said = StringIO()
        call_command(
            "import_tickets", str(path), profile=str(profile), rejects=self.rejects, stdout=said,
            **options,
        )  # fmt: skip
        return said.getvalue()

    def refusal(self, path: Path, profile: Path | str = SPOTS, **options: str) -> str:
        """The one sentence it ends with."""
        with pytest.raises(CommandError) as refused:
            self.bring(path, profile, **options)
        assert refused.value.returncode == 1
        return str(refused.value)
