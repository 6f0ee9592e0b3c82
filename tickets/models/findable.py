"""What a ticket is found by: one row, kept by the database beside what it is derived from.

Triggers, since whatever is found changes together with the text, the unit that joins, or the
erasure it follows from; no statement of its own is sent for it.
"""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from .tokens import TokensField

WORDS_FOUND = [
    pgtrigger.Trigger(
        name="words_found",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        condition=pgtrigger.Condition("NEW.tokens IS NOT NULL"),
        func="""
            IF NEW.kind = 'REPORT' THEN
                INSERT INTO tickets_findable AS f (ticket_id, tokens)
                VALUES (NEW.ticket_id, NEW.tokens)
                ON CONFLICT (ticket_id) DO UPDATE SET tokens = f.tokens || EXCLUDED.tokens;
            ELSE
                UPDATE tickets_findable SET tokens = tokens || NEW.tokens
                WHERE ticket_id = NEW.ticket_id;
            END IF;
            NEW.tokens = NULL; -- they are kept once, for the whole ticket
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="words_lost",
        operation=pgtrigger.UpdateOf("text"),
        when=pgtrigger.After,
        condition=pgtrigger.Condition("NEW.text = '' AND NEW.salt = ''"),
        func="""
            DELETE FROM tickets_findable WHERE ticket_id = NEW.ticket_id;
            RETURN NULL;
        """,
    ),
]
PARTICIPATION_FOUND = [
    pgtrigger.Trigger(
        name="participation_found",
        operation=pgtrigger.Insert,
        when=pgtrigger.After,
        func="""
            UPDATE tickets_findable
            SET tokens = tokens || array_to_tsvector(ARRAY['~u' || NEW.unit_id])
            WHERE ticket_id = NEW.ticket_id
              AND NOT tokens @@ quote_literal('~u' || NEW.unit_id)::tsquery;
            RETURN NULL;
        """,
    ),
]


class Findable(models.Model):
    """查找件: everything one ticket is found by, and by whom; it may be made anew at any time."""

    ticket = models.OneToOneField(
        "tickets.Ticket",
        models.PROTECT,
        primary_key=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("工单"),
        help_text=_("哪张工单；脱敏后没有这一行。"),
    )
    tokens = TokensField(
        _("词元"),
        editable=False,
        help_text=_("诉求、补充、答复、地址、编号的词元，和区划、单位、本人的标记。"),
    )

    class Meta:
        verbose_name = _("查找件")
        verbose_name_plural = _("查找件")
        indexes = [GinIndex(fields=["tokens"], name="findable_tokens", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.pk)
