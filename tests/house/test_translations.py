"""Chinese is the source, English is complete."""

from io import StringIO

from django.core.management import call_command


def test_every_string_has_its_english() -> None:
    call_command("messages", check=True, stdout=StringIO())
