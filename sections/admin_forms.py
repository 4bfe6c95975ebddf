"""The form of a section in the admin."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from content.page_forms import PortalPageForm


class SectionForm(PortalPageForm):
    """A section's form: whether announcements are published directly is for who may publish there to say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "direct_publication" in self.fields and not self._may_publish():
            # A disabled field keeps what the page says, whatever is sent.
            self.fields["direct_publication"].disabled = True
            self.fields["direct_publication"].help_text = _("Chosen by those who may publish in this section.")

    def _may_publish(self) -> bool:
        if self.for_user is None:
            return False
        place = self.instance if self.instance.pk else self.parent_page
        if place is None:
            return False
        permissions = place.permissions_for_user(self.for_user)
        return bool(permissions.can_publish() if self.instance.pk else permissions.can_publish_subpage())
