"""Give each language its tree: a home page in French, one in English, and their entries."""

import hashlib
import uuid

from django.conf import settings
from django.db import migrations
from django.utils import timezone

TITLES = {"fr": "Accueil", "en": "Home"}
ADDRESSES = {"fr": "/", "en": "/en/"}
NOTHING_DEMANDED = hashlib.sha256(b"[]").hexdigest()


def open_doors(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Locale = apps.get_model("wagtailcore", "Locale")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    HomePage = apps.get_model("home", "HomePage")
    Visibility = apps.get_model("audience", "Visibility")
    Entry = apps.get_model("search", "Entry")
    EntryText = apps.get_model("search", "EntryText")

    page_type, _ = ContentType.objects.get_or_create(app_label="wagtailcore", model="page")
    home_type, _ = ContentType.objects.get_or_create(app_label="home", model="homepage")
    root = Page.objects.get(depth=1)
    Site.objects.all().delete()
    # Wagtail's welcome page; below the root there is nothing else yet.
    Page.objects.filter(depth=2).delete()
    everyone, _ = Visibility.objects.get_or_create(key=NOTHING_DEMANDED, defaults={"demands": []})
    key, now, homes = uuid.uuid4(), timezone.now(), []
    for number, code in enumerate(("fr", "en"), start=1):
        locale, _ = Locale.objects.get_or_create(language_code=code)
        slug = "home" if code == "fr" else f"home-{code}"
        home = HomePage.objects.create(
            title=TITLES[code], draft_title=TITLES[code], slug=slug, content_type=home_type, locale=locale,
            translation_key=key, path=f"{root.path}{number:04d}", depth=2, numchild=0, url_path=f"/{slug}/",
            show_in_menus=True, live=True, first_published_at=now, last_published_at=now, access="recommended",
        )  # fmt: skip
        homes.append(home)
        entry = Entry.objects.create(
            content_type=page_type, object_id=home.pk, language=code, shown_in=code, kind="home", title=home.title,
            url=ADDRESSES[code], path=home.path, depth=2, in_menu=True, translation_key=key, withdrawn=False,
            stated=everyone, own_demand=everyone, visibility=everyone, published_at=now,
        )  # fmt: skip
        EntryText.objects.create(entry=entry)
    Page.objects.filter(pk=root.pk).update(numchild=len(homes), locale=homes[0].locale)
    Site.objects.create(
        hostname="localhost", port=80, root_page_id=homes[0].pk, is_default_site=True, site_name=settings.PARVIS_NAME
    )


def close_doors(apps, schema_editor):
    apps.get_model("search", "Entry").objects.all().delete()
    apps.get_model("wagtailcore", "Site").objects.all().delete()
    apps.get_model("home", "HomePage").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("search", "0001_initial"),
        ("audience", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(open_doors, close_doors)]
