"""The portal as a WSGI application."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

application = get_wsgi_application()

# What was loaded stays as long as the process: the collector would walk its quarter of a million objects again and
# again, a reader waiting each time.
gc.collect()
gc.freeze()
