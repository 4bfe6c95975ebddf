"""What `wagtail start bare` gives, its production settings, with the bench's database and nothing else changed."""

import os

from bare.settings.production import *  # as projects that `wagtail start` makes do
from portal import env

SECRET_KEY = "of a bench that nobody else reaches"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
DATABASES = {"default": env.database(os.environ["BENCH_BARE_DATABASE_URL"])}
