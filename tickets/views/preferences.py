"""通知设置: by which channels one is told of what, where to, and when not."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common import clock
from grids.models import Person
from notices.channels.ways import way
from notices.models import PERSONAL, Preference
from tickets import standing
from tickets.forms.preferences import GROUPS, OF_RESIDENTS, ChannelForm, LanguageForm
from tickets.views.doors import only, person_of
from tickets.views.ticket import nav


@only("GET", "HEAD", "POST")
def preferences(request: HttpRequest) -> HttpResponse:
    """通知设置: one form for each channel, kept together."""
    person, at = person_of(request), clock.now()
    given = request.POST if request.method == "POST" else None
    rows = _rows(person)
    groups = tuple(GROUPS) if standing.is_staff(person, at=at) else OF_RESIDENTS
    forms = [ChannelForm(given, row=row, groups=groups) for row in rows]
    known = next((row.language for row in rows if row.language), settings.LANGUAGE_CODE)
    language = LanguageForm(given, initial={"language": known})
    sound = [form.is_valid() for form in (*forms, language)]  # all of them say what is wrong
    if all(sound):
        _keep(forms, language.cleaned_data["language"])
        messages.success(request, _("通知设置已保存。"))
        return redirect("preferences")
    words: dict[str, Any] = {
        "forms": [(form, way(form.row.channel) is not None) for form in forms],
        "language": language, "quiet": settings.HUBIN_QUIET_HOURS, **nav(person, at),
    }  # fmt: skip
    status = 200 if given is None else 422
    return render(request, "tickets/preferences.html", words, status=status)


def _rows(person: Person) -> list[Preference]:
    known = {row.channel: row for row in Preference.objects.filter(person=person)}
    return [known.get(name) or Preference(person=person, channel=name) for name in PERSONAL]


def _keep(forms: list[ChannelForm], language: str) -> None:
    """Those of one person are kept together; two tabs at once, and the later one holds."""
    plain = "" if language == settings.LANGUAGE_CODE else language
    rows = [form.put(plain) for form in forms]
    names = ["is_on", "verbs", "quiet_from", "quiet_to", "language", "address"]
    with transaction.atomic():
        for row in rows:
            Preference.objects.update_or_create(
                person=row.person, channel=row.channel,
                defaults={name: getattr(row, name) for name in names},
            )  # fmt: skip
