"""统一身份认证: off to the provider, and back."""

import logging

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import clock
from common.errors import NotVisible, NotYours, Unavailable
from common.outgoing import Unreachable
from common.visitors import address_of
from grids.login import entering, identities, oidc, tries

log = logging.getLogger(__name__)


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """出发."""
    known, at = _known(), clock.now()
    goes_to = entering.wanted(request)
    if request.user.is_authenticated:
        return redirect(goes_to)
    tries.require_left(tries.PROVIDER, address_of(request), at=at)
    try:
        address = oidc.start(request, known, back=_back(request), goes_to=goes_to, at=at)
    except (Unreachable, oidc.Untrue) as told:
        raise _silent(known, told) from None
    return HttpResponseRedirect(address)


@login_not_required
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """归来."""
    known, at = _known(), clock.now()
    if request.user.is_authenticated:
        return redirect(resolve_url(settings.LOGIN_REDIRECT_URL))
    who = address_of(request)
    tries.require_left(tries.PROVIDER, who, at=at)
    try:
        claims, goes_to = oidc.finish(request, known, back=_back(request), at=at)
        person = identities.person_of(claims, known, at=at)
    except NotYours:
        tries.count(tries.PROVIDER, who, at=at)
        raise
    except oidc.Declined as told:
        log.info("oidc: declined: %r", str(told))
        raise NotYours(
            _("%(provider)s没有完成，没有登录。请从登录页再试一次。") % {"provider": known.name}
        ) from None
    except oidc.Untrue as told:
        tries.count(tries.PROVIDER, who, at=at)
        log.warning("oidc: refused: %s", told)
        raise NotYours(
            _(
                "%(provider)s的应答没有通过核对，没有登录。请从登录页再试一次，仍不行请联系系统管理员。"
            )
            % {"provider": known.name}
        ) from None
    except Unreachable as told:
        raise _silent(known, told) from None
    by = entering.PROVIDER if known.is_mfa else entering.OIDC
    return redirect(entering.begin(request, person, by=by, goes_to=goes_to, at=at))


def _known() -> oidc.Provider:
    known = oidc.provider()
    if known is None:
        raise NotVisible(_("本系统没有接入统一身份认证，请用登录名和密码登录。"))
    return known


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("oidc_callback"))


def _silent(known: oidc.Provider, told: Exception) -> Unavailable:
    log.warning("oidc: not reached: %s", told)
    return Unavailable(
        _("%(provider)s暂时没有应答，没有登录。请稍后再试，或用登录名和密码登录。")
        % {"provider": known.name}
    )
