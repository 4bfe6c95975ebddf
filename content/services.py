"""What the room writes by itself: what could be better in pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction
from wagtail.models import Page

from content.models import PageFlaw, PortalPage
from content.quality import Finding, Flaw, findings, is_written


@transaction.atomic
def judge(page: PortalPage) -> None:
    """Write down what could be better in `page` as it is saved."""
    first: dict[Flaw, Finding] = {}
    number: dict[Flaw, int] = {}
    for finding in findings(page):
        first.setdefault(finding.flaw, finding)
        number[finding.flaw] = number.get(finding.flaw, 0) + 1
    wanted = {(flaw.value, number[flaw], one.quote, one.since) for flaw, one in first.items()}
    kept = set(PageFlaw.objects.filter(page_id=page.pk).values_list("flaw", "number", "quote", "since"))
    if wanted == kept:
        return
    PageFlaw.objects.filter(page_id=page.pk).delete()
    rows = [
        PageFlaw(page_id=page.pk, flaw=flaw, number=times, quote=quote, since=since)
        for flaw, times, quote, since in sorted(wanted, key=lambda one: one[0])
    ]
    # Somebody else who saves this page meanwhile is no reason to refuse: what is kept may be what they left.
    PageFlaw.objects.bulk_create(rows, ignore_conflicts=True)


def judge_all(pks: Iterable[int]) -> Iterator[int]:
    """Judge pages one by one; yields each id when done."""
    for pk in pks:
        page = Page.objects.get(pk=pk).specific
        if is_written(type(page)):
            judge(page)
        yield pk
