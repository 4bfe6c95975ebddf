"""A section with its list of news, who may announce there, and readers of several years."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask

from audience.models import Kind
from tests.editing import PUBLISHERS
from tests.factories import (
    AudienceFactory,
    NewsIndexPageFactory,
    ReaderFactory,
    SectionPageFactory,
    UnitFactory,
)
from tests.sections.faculty import Faculty, group_of


@pytest.fixture
def faculty(sections: Any) -> Faculty:
    sciences = AudienceFactory(slug="u01", name="UFR Sciences", kind=Kind.UNIT)
    licence = AudienceFactory(slug="licence", name="Licence", kind=Kind.LEVEL)
    section = SectionPageFactory(
        parent=sections,
        title="Sciences",
        slug="sciences",
        unit=UnitFactory(code="U01", name="UFR Sciences"),
        audiences=[sciences],
        desk_email="accueil@valmont.example",
        desk_phone="03 00 00 12 10",
    )
    return Faculty(
        section=section,
        index=NewsIndexPageFactory(parent=section, title="Actualités", slug="actualites-sciences"),
        sciences=sciences,
        l1=AudienceFactory(slug="l1", name="Licence 1", kind=Kind.LEVEL, broader=licence),
        l2=AudienceFactory(slug="l2", name="Licence 2", kind=Kind.LEVEL, broader=licence),
        miage=AudienceFactory(slug="miage", name="MIAGE", kind=Kind.PROGRAMME),
    )


@pytest.fixture
def proofreaders(faculty: Faculty) -> Callable[[], Client]:
    """Give the section a workflow, and return a browser of one of those who approve."""
    group = group_of(faculty.section, PUBLISHERS)
    task = GroupApprovalTask.objects.create(name="Relecture")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="Relecture")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=faculty.section)

    def approver() -> Client:
        user = ReaderFactory()
        user.groups.add(group)
        browser = Client()
        browser.force_login(user)
        return browser

    return approver
