"""单键操作: whoever is disturbed by single keys, or speaks to the computer, switches them off."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.errors import Invalid
from grids import manners
from tickets.views.doors import person_of, posting

CHOICES = {"on": True, "off": False}


@posting
def switch(request: HttpRequest) -> HttpResponse:
    """开关: `single_keys` says on or off."""
    chosen = CHOICES.get(request.POST.get("single_keys", ""))
    if chosen is None:
        raise Invalid(_("请选择打开（on）或关闭（off）单键操作。"), field="single_keys")
    manners.use_single_keys(person_of(request), is_on=chosen)
    return redirect("desk")
