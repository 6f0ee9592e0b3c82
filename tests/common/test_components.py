"""Components of pages: what they write into the page."""

from datetime import UTC, datetime

import pytest
import time_machine
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils.translation import override

from common.errors import Invalid
from common.forms import PageForm


class NoteForm(PageForm):
    nature = forms.ChoiceField(label="诉求类型", choices=[("x", "咨询")], widget=forms.RadioSelect)
    text = forms.CharField(label="备注", help_text="写给同事看。")
    agreed = forms.BooleanField(label="已告知", required=True)
    place = forms.CharField(label="地点", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


def draw(source: str, **words: object) -> str:
    return Template("{% load hubin %}" + source).render(Context(words))


def test_missing_fields_are_named_in_sentences() -> None:
    errors = NoteForm({}).errors
    assert errors["text"] == ["请填写“备注”。"]
    assert errors["nature"] == ["请选择“诉求类型”。"]
    assert errors["agreed"] == ["请勾选“已告知”。"]


def test_missing_fields_are_named_in_english_too() -> None:
    with override("en"):
        assert NoteForm({}).errors["text"] == ["Fill in “备注”."]


def test_own_sentence_of_a_field_is_kept() -> None:
    class ReasonForm(PageForm):
        reason = forms.CharField(label="理由", error_messages={"required": "退单须写明理由。"})

    assert ReasonForm({}).errors["reason"] == ["退单须写明理由。"]


def test_refusal_lands_at_the_field_it_names() -> None:
    form = NoteForm({"text": "好的"})
    form.refuse(Invalid("备注不能只写“好的”。", field="text"))
    assert form.errors["text"] == ["备注不能只写“好的”。"]


def test_refusal_of_an_unknown_field_lands_above_the_form() -> None:
    form = NoteForm({"text": "好的"})
    form.refuse(Invalid("工单已结案。", field="state"))
    assert form.non_field_errors() == ["工单已结案。"]


def test_error_and_help_are_tied_to_the_control() -> None:
    page = draw("{% field form.text %}", form=NoteForm({}))
    assert 'aria-describedby="id_text_helptext id_text_error"' in page
    assert 'id="id_text_helptext"' in page
    assert 'id="id_text_error"' in page
    assert 'aria-invalid="true"' in page


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    form = NoteForm()
    assert "可不填" in draw("{% field form.place %}", form=form)
    assert "可不填" not in draw("{% field form.text %}", form=form)


def test_choices_stand_in_a_fieldset_with_a_legend() -> None:
    page = draw("{% field form.nature %}", form=NoteForm())
    assert '<legend class="form-label">诉求类型' in page
    assert '<label class="form-check" for="id_nature_0">' in page


def test_summary_links_each_error_to_its_control() -> None:
    page = draw("{% error_summary form %}", form=NoteForm({}))
    assert "有 4 处需要修改" in page
    assert '<a href="#id_text">请填写“备注”。</a>' in page
    assert '<a href="#id_nature_0">请选择“诉求类型”。</a>' in page


def test_no_summary_without_errors() -> None:
    assert draw("{% error_summary form %}", form=NoteForm()).strip() == ""


def test_what_people_typed_is_escaped() -> None:
    page = draw("{% field form.text %}{% badge word %}", form=NoteForm(), word="<script>")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_icon_without_label_is_decoration() -> None:
    assert "aria-hidden=true" in draw('{% icon "check" %}')


def test_icon_with_label_is_spoken() -> None:
    assert 'role="img" aria-label="已受理"' in draw('{% icon "check" label="已受理" %}')


def test_unknown_icon_is_a_mistake_that_shows() -> None:
    with pytest.raises(TemplateSyntaxError, match="nonesuch"):
        draw('{% icon "nonesuch" %}')


def test_unknown_tone_is_a_mistake_that_shows() -> None:
    with pytest.raises(TemplateSyntaxError, match="purple"):
        draw('{% badge "待受理" "purple" %}')


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(1999, 12, 31, 16, 5, tzinfo=UTC), "2000-01-01 00:05"),
        (None, "—"),
    ],
)
def test_times_are_shown_in_the_districts_zone(at: datetime | None, shown: str) -> None:
    assert shown in draw("{% when at %}", at=at)


@pytest.mark.parametrize(("hour", "shown"), [(16, ">01-01 00:05<"), (15, ">2026-12-31 23:05<")])
def test_the_year_is_left_out_while_it_is_this_one(hour: int, shown: str) -> None:
    with time_machine.travel(datetime(2026, 12, 31, 16, 30, tzinfo=UTC)):
        assert shown in draw("{% when at %}", at=datetime(2026, 12, 31, hour, 5, tzinfo=UTC))


def test_pager_has_only_the_neighbours_there_are() -> None:
    page = draw('{% pager next_url="?after=7" %}')
    assert 'rel="next" href="?after=7"' in page
    assert 'rel="prev"' not in page


def test_navigation_leaves_out_what_no_app_serves() -> None:
    assert draw('{% nav_link "nonesuch" "无" "inbox" %}').strip() == ""


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "输入一个数字。"), ("en", "Enter a number.")]
)
def test_djangos_own_sentences_follow_the_language(language: str, said: str) -> None:
    class CountForm(PageForm):
        count = forms.FloatField(label="数量")

    with override(language):
        assert CountForm({"count": "x"}).errors["count"] == [said]
