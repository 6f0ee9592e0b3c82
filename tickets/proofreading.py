"""校对: every letter of every verb, channel and language, written once with sample facts."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.utils.translation import gettext as _

from notices.models import Channel
from tickets import letters
from tickets.letters import DEFAULT, DIGEST, FOLDER, WRITTEN, Facts, UnknownVariable
from tickets.notices import TABLE

SAMPLE = Facts(
    "", "派单", "330102-20261123-00001", "暴露垃圾", "湖滨街道", "2026-11-30 17:00", "待签收",
    "处置人员", True, "办结", True, 0, ["由规则派出"],
    "https://hubin.example/t/330102-20261123-00001/", "r1-0-1-tz5n2w:sample",
)  # fmt: skip


def problems() -> list[str]:
    """毛病: a sentence each; empty where every letter can be written."""
    return [*_strangers(), *_templates(), *_text_messages()]


def _templates() -> Iterator[str]:
    for verb in TABLE:
        for channel in (*WRITTEN, Channel.SMS):
            for count in (0, 3) if channel != Channel.SMS else (0,):
                facts = replace(SAMPLE, verb=verb, count=count)
                said = {
                    _trouble(channel, facts, language) for language, _name in settings.LANGUAGES
                }
                for trouble in sorted(said - {""}):
                    place = {"verb": DIGEST if count else verb, "channel": channel, "why": trouble}
                    yield _("%(verb)s/%(channel)s：%(why)s") % place


def _trouble(channel: str, facts: Facts, language: str) -> str:
    try:
        made = letters.write(channel, facts, language=language, to="", key="", data={})
    except UnknownVariable as unknown:
        return _("没有变量 %(name)s，请改模板。") % {"name": unknown}
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        return _("模板读不出来：%(error)s") % {"error": error}
    if channel == Channel.SMS:
        return "" if made.params else _("没有参数。")
    return "" if made.title and made.text else _("第一行是标题，之后是正文，两者都要有。")


def _strangers() -> Iterator[str]:
    """Folders that no letter is ever made of."""
    known = {*TABLE, DEFAULT, DIGEST}
    folder = Path(settings.BASE_DIR) / "templates" / FOLDER
    for found in sorted(one.name for one in folder.iterdir() if one.is_dir()):
        if found not in known:
            yield _("文件夹 %(name)s 不是任何动作的名称。") % {"name": found}


def _text_messages() -> Iterator[str]:
    for verb in sorted(set(settings.HUBIN_SMS_TEMPLATES) - set(TABLE)):
        yield _("HUBIN_SMS_TEMPLATES 中的 %(verb)s 不是任何动作的名称。") % {"verb": verb}
