"""登录: a password, then a code where the account has a second factor."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common import clock
from common.errors import Invalid, TooMany
from common.forms import LoginForm
from grids.forms import CodeForm
from grids.login import entering, oidc


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):
    """登录: staff only; reporters need no account. The one place where a password is shown."""

    template_name = "grids/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.at = clock.now()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            provider=oidc.provider(),
            has_phone=bool(settings.HUBIN_SMS_URL or settings.HUBIN_SMS_FILE),
            **kwargs,
        )

    def form_valid(self, form: Any) -> Any:
        goes_to = self.get_success_url()
        person = form.get_user()
        return redirect(
            entering.begin(self.request, person, by=entering.PASSWORD, goes_to=goes_to, at=self.at)
        )


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """验证码: the second step; who is not in the middle of it begins at the first."""
    at = clock.now()
    if request.user.is_authenticated:
        return redirect(resolve_url(settings.LOGIN_REDIRECT_URL))
    person = entering.pending(request, at=at)
    if person is None:
        entering.give_up(request)
        return redirect("login")
    form = CodeForm(request.POST if request.method == "POST" else None, has_focus=True)
    if form.is_valid():
        try:
            shown = form.cleaned_data["code"]
            return redirect(entering.show_code(request, person, shown, at=at))
        except TooMany:
            entering.give_up(request)
            raise
        except Invalid as refused:
            form.refuse(refused)
    status = 422 if form.is_bound else 200
    return render(request, "grids/login_code.html", {"form": form}, status=status)
