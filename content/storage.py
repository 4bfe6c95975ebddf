"""Where documents lie: outside what the web server hands out, so that only the portal's own view serves them."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages


class PrivateStorage(FileSystemStorage):
    """Files without an address of their own."""

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_ROOT)

    @property
    def location(self) -> str:
        return str(settings.PRIVATE_ROOT)

    def url(self, name: str | None) -> str:
        # The exception by which Wagtail understands that it serves the file itself.
        raise NotImplementedError("a private file has no address of its own")


def private_storage() -> Storage:
    """Return the storage of documents; a callable, so that migrations do not freeze it."""
    return storages["documents"]
