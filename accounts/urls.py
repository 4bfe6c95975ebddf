"""Addresses of sign-in and account.

`urlpatterns` stand outside the languages and before Wagtail's own, some of which they replace; `localized` go into
`i18n_patterns`.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from accounts import account, views
from accounts.backchannel import backchannel
from accounts.break_glass import break_glass


class _ProviderDoor(RedirectView):
    """Where Wagtail would show a form for a password: whoever comes is sent to the provider, whatever they post."""

    http_method_names = ["get", "head", "post"]
    pattern_name = "oidc_authentication_init"
    default = "/"

    def get_redirect_url(self, *args: object, **kwargs: object) -> str:
        address = super().get_redirect_url(*args, **kwargs) or settings.LOGIN_URL
        return f"{address}?{urlencode({'next': self.request.GET.get('next', self.default)})}"

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = HttpResponseRedirect(self.get_redirect_url(*args, **kwargs))
        response.status_code = 303  # a redirect that keeps the method would post the password to the provider
        return response


urlpatterns = [
    path("oidc/authenticate/", views.begin, name="oidc_authentication_init"),
    path("oidc/callback/", views.complete, name="oidc_authentication_callback"),
    path("oidc/backchannel/", backchannel, name="oidc_backchannel"),
    path("oidc/break-glass/", break_glass, name="break_glass"),
    path("oidc/logout/", views.sign_out, name="oidc_logout"),
    path("admin/login/", _ProviderDoor.as_view(default="/admin/")),
    path("admin/logout/", views.sign_out),
    path("_util/login/", _ProviderDoor.as_view()),
]

localized = [
    path(_("why/<int:pk>/"), account.why, name="why"),
    path(_("account/"), account.account, name="account"),
    path(_("account/sessions/"), account.my_sessions, name="account_sessions"),
    path(_("account/data/"), account.my_data, name="account_data"),
    path(_("account/erase/"), account.erase_data, name="account_erase"),
]
