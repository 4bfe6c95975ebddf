"""The password of a page, asked only of those for whom nothing else stands in the way."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from wagtail.forms import PasswordViewRestrictionForm
from wagtail.models import Page, PageViewRestriction

from audience.middleware import PortalRequest
from search.guard import Verdict, ask_password, asked_restrictions, judge
from search.models import Entry


def authenticate_with_password(request: PortalRequest, page_view_restriction_id: int, page_id: int) -> HttpResponse:
    """Take the password; to whom the page is unknown, its form is unknown too, and it never speaks of the page."""
    page = Page.objects.filter(pk=page_id).first()
    verdict, unmet = judge(Entry.objects.of_page(page).first() if page else None, request.reader)
    given = page_view_restriction_id in request.reader.passed
    if page is not None and verdict is Verdict.OPEN and given:  # just now, in another tab or by a second click
        return redirect(page.get_url(request) or settings.LOGIN_REDIRECT_URL)
    asked = asked_restrictions(unmet) if verdict is Verdict.PASSWORD else []
    if page is None or page_view_restriction_id not in asked[:1]:
        raise Http404
    form = None
    if request.method == "POST":
        restriction = PageViewRestriction.objects.get(pk=page_view_restriction_id)
        form = PasswordViewRestrictionForm(request.POST, instance=restriction)
        if form.is_valid():
            # Wagtail gives each translation and alias a restriction of its own with the same password: once is enough.
            for same in PageViewRestriction.objects.filter(pk__in=asked, password=restriction.password):
                same.mark_as_passed(request)
            url = form.cleaned_data["return_url"]
            safe = url_has_allowed_host_and_scheme(url, request.get_host(), request.is_secure())
            return redirect(url if safe else settings.LOGIN_REDIRECT_URL)
    response = ask_password(request, page, unmet, form=form)
    add_never_cache_headers(response)
    return response
