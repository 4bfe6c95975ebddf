"""The world the leak tests walk: a sample by default, the whole in `make test-long` (PARVIS_WHOLE=1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings

from tests.leaks.rule import Rule
from tests.leaks.world import PAGES, READERS, Seeker, World

# Bodies are shared between readers here as in production: what one reader is shown must not reach another that way.
SHARING = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "leaks"}}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all tests of a module; they only read it."""
    from audience import demands
    from audience.version import forget_kept

    with django_db_blocker.unblock(), override_settings(CACHES=SHARING), transaction.atomic():
        forget_kept()
        demands._interned.clear()  # of rows that the test before rolled back
        cache.clear()
        yield World(seed=20261, pages=PAGES, readers=READERS).build()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def rule(world: World) -> Rule:
    return Rule()


@pytest.fixture(params=range(READERS))
def seeker(request: pytest.FixtureRequest, world: World) -> Seeker:
    return world.seekers[request.param]


@pytest.fixture
def told(world: World, rule: Rule, seeker: Seeker) -> set[str]:
    """The words this reader may see."""
    return world.told(rule, seeker)
