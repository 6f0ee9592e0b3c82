"""常用筛选: kept from the page as it is, and dropped again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from tickets import saved, workloads
from tickets.forms.unit import of_query
from tickets.views.doors import person_of, posting


@posting
def keep(request: HttpRequest) -> HttpResponse:
    """保存: `query` under `name`; what makes no sense is not kept."""
    person, at = person_of(request), clock.now()
    workloads.require(person, at=at)
    form = of_query(request.POST.get("query", "")[: saved.LONGEST_QUERY + 1])
    form.check()
    row = saved.keep(person, request.POST.get("name", ""), form.address(), at=at)
    messages.success(request, _("已保存为标签“%(name)s”。") % {"name": row.name})
    return redirect(f"{reverse('unit')}?saved={row.pk}")


@posting
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """删除."""
    saved.drop(person_of(request), pk)
    messages.success(request, _("筛选已删除。"))
    return redirect("unit")
