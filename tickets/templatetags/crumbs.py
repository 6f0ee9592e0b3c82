"""Where one is: `{% load crumbs %}`."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import strip_tags

from tickets.trail import trail

register = template.Library()


@register.inclusion_tag("components/crumbs.html", takes_context=True)
def crumbs(context: RequestContext) -> dict[str, Any]:
    """面包屑: the pages above this one, then its own title."""
    match = getattr(context.get("request"), "resolver_match", None)
    above = trail(match.view_name, match.kwargs) if match is not None else []
    return {"above": above, "here": _title(context) if above else ""}


def _title(context: RequestContext) -> str:
    """As the page calls itself in its `title` block, so that it is said in one place."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block("title") if blocks is not None else None
    return strip_tags(block.render(context)).strip() if block is not None else ""
