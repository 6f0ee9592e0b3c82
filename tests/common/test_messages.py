"""The English catalogue follows the sources."""

import gettext
from pathlib import Path

import pytest

from common import catalogue
from common.catalogue import Catalogue, Extract, Message

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext
title = _("上报")
long = _("工单已由别人"
         "签收。")
many = ngettext("%(n)s 张工单", "%(n)s 张工单", 2)
month = pgettext("日期", "月")
verb = pgettext_lazy("verb", "评价")
"""
TEMPLATE = """{% load i18n %}<p title="{% translate '标题 (短)' %}">
    <b>{% blocktranslate trimmed with who=name %}
        由 {{ who }} 受理
    {% endblocktranslate %}</b>
  {{ word|default:_("无") }} {% translate "评价" context "noun" %}
  {% translate "工单" context "plural" as head %}
  {% blocktranslate context "moon" %}月{% endblocktranslate %}</p>
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "tickets").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "tickets" / "words.py").write_text(PYTHON, encoding="utf-8")
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def told(message: Message, *texts: str) -> list[str]:
    """What the check says of one message with this translation."""
    known = Catalogue(texts={message: texts})
    return catalogue.problems(Extract({message: {"a.py"}}), known, catalogue.to_mo(known))


def test_finds_the_strings_of_python(house: Path) -> None:
    found = set(catalogue.extract(house).places)
    assert Message("上报") in found
    assert Message("工单已由别人签收。") in found
    assert Message("%(n)s 张工单", plural="%(n)s 张工单") in found
    assert Message("月", context="日期") in found


def test_finds_the_strings_of_templates(house: Path) -> None:
    found = set(catalogue.extract(house).places)
    assert {Message("标题 (短)"), Message("由 %(who)s 受理"), Message("无")} <= found


def test_contexts_tell_messages_of_one_text_apart(house: Path) -> None:
    found = set(catalogue.extract(house).places)
    assert {Message("评价", context="verb"), Message("评价", context="noun")} <= found
    assert {Message("工单", context="plural"), Message("月", context="moon")} <= found
    assert Message("评价") not in found


def test_string_that_cannot_be_extracted_is_told(house: Path) -> None:
    (house / "tickets" / "words.py").write_text('_(f"由 {who} 受理")', encoding="utf-8")
    assert catalogue.extract(house).unreadable == ["tickets/words.py: _(f'由 {who} 受理')"]


def test_merge_keeps_translations_and_drops_what_is_gone() -> None:
    old = Catalogue(texts={Message("上报"): ("Report",), Message("旧"): ("Old",)})
    new = catalogue.merge({Message("上报"), Message("新")}, old)
    assert new.texts == {Message("上报"): ("Report",), Message("新"): ("",)}


def test_po_survives_writing_and_reading(tmp_path: Path) -> None:
    known = Catalogue(
        texts={
            Message('引号 " 与\n换行 \\'): ('quote " and\nline \\',),
            Message("%(n)s 张", plural="%(n)s 张"): ("%(n)s ticket", "%(n)s tickets"),
            Message("月", context="日期"): ("month",),
        },
        fuzzy={Message("月", context="日期")},
    )
    (tmp_path / "django.po").write_text(catalogue.to_po(known), encoding="utf-8")
    assert catalogue.from_po(tmp_path / "django.po") == known


def test_po_is_the_same_whatever_the_order_of_finding() -> None:
    pairs = [(Message("乙"), ("B",)), (Message("甲"), ("A",))]
    there, back = Catalogue(texts=dict(pairs)), Catalogue(texts=dict(reversed(pairs)))
    assert catalogue.to_po(there) == catalogue.to_po(back)
    assert catalogue.to_mo(there) == catalogue.to_mo(back)


def test_compiled_catalogue_translates(tmp_path: Path) -> None:
    many = Message("%(n)s 张", plural="%(n)s 张")
    texts = {Message("上报"): ("Report",), many: ("%(n)s ticket", "%(n)s tickets")}
    (tmp_path / "django.mo").write_bytes(catalogue.to_mo(Catalogue(texts=texts)))
    with (tmp_path / "django.mo").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert spoken.gettext("上报") == "Report"
    assert spoken.ngettext(many.id, many.plural, 1) == "%(n)s ticket"
    assert spoken.ngettext(many.id, many.plural, 2) == "%(n)s tickets"


def test_compiled_catalogue_keeps_contexts_apart(tmp_path: Path) -> None:
    known = Catalogue(
        texts={Message("评价", context="verb"): ("Rate",), Message("评价"): ("Rating",)}
    )
    (tmp_path / "django.mo").write_bytes(catalogue.to_mo(known))
    with (tmp_path / "django.mo").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert (spoken.pgettext("verb", "评价"), spoken.gettext("评价")) == ("Rate", "Rating")


def test_complete_translation_is_no_problem() -> None:
    assert told(Message("上报"), "Report") == []


def test_missing_translation_is_told() -> None:
    assert told(Message("上报"), "") == ["not translated: '上报' (a.py)"]


def test_missing_translation_is_told_with_its_context() -> None:
    assert told(Message("评价", context="verb"), "") == ["not translated: '评价' [verb] (a.py)"]


def test_half_of_a_plural_is_missing() -> None:
    message = Message("%(n)s 张", plural="%(n)s 张")
    assert told(message, "%(n)s ticket", "") == ["not translated: '%(n)s 张' (a.py)"]


def test_lost_placeholder_is_told() -> None:
    assert "placeholders differ" in told(Message("由 %(who)s 受理"), "Accepted")[0]


def test_changed_placeholder_is_told() -> None:
    assert "placeholders differ" in told(Message("请填写“{label}”。"), "Fill in “{name}”.")[0]


def test_chinese_left_in_english_is_told() -> None:
    assert "translation is Chinese" in told(Message("上报"), "Report 上报")[0]


def test_source_in_another_language_is_told() -> None:
    assert "source is not Chinese" in told(Message("Report"), "Report")[0]


def test_translation_of_nothing_is_told() -> None:
    known = Catalogue(texts={Message("旧"): ("Old",)})
    found = catalogue.problems(Extract(), known, catalogue.to_mo(known))
    assert found == ["no longer in the sources: '旧'"]


def test_stale_compiled_file_is_told() -> None:
    known = Catalogue(texts={Message("上报"): ("Report",)})
    found = catalogue.problems(Extract({Message("上报"): {"a.py"}}), known, b"old")
    assert found == ["django.mo is stale: run `manage.py messages`"]


def test_fuzzy_translation_is_told_and_not_compiled() -> None:
    known = Catalogue(texts={Message("上报"): ("Report",)}, fuzzy={Message("上报")})
    compiled = catalogue.to_mo(known)
    assert b"Report" not in compiled
    found = catalogue.problems(Extract({Message("上报"): {"a.py"}}), known, compiled)
    assert found == ["marked fuzzy: '上报'"]
