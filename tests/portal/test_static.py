"""Static files, as production gathers and names them."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command
from pytest_django import Settings


def test_every_file_that_a_stylesheet_links_is_there_to_be_named_by_its_content(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    settings.STATIC_ROOT = str(tmp_path)
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]

    call_command("collectstatic", "--no-input", verbosity=0)

    assert list(tmp_path.glob("css/portal.*.css"))
