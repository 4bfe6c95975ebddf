"""Who signs in: the user, the identity a provider vouches for, and the groups that claims give."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from audience import claims


def opaque_name() -> str:
    """Return a user name that says nothing of the person: it appears in logs, addresses and exports."""
    return uuid.uuid4().hex


class User(AbstractUser):  # type: ignore[django-manager-missing]  # Wagtail's managers are untyped
    """A person who signed in. Names and address are what the provider last said; they identify nobody."""

    username = models.CharField(
        _("username"), max_length=150, unique=True, default=opaque_name, validators=[UnicodeUsernameValidator()]
    )
    display_name = models.CharField(_("name as displayed"), max_length=150, blank=True)
    # When the visit under way began, and the one before: what is new since then is marked (accounts.visits).
    visit_began_at = models.DateTimeField(null=True, blank=True, editable=False)
    visit_before_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Of several statuses, the one whose home comes first: the number of an order (home.orders).
    home_first = models.PositiveIntegerField(null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Return whether the user has permission `perm`; for a mere reader, without asking the database."""
        # Said by the query that reads the user of a session: nearly all readers have neither group nor permission.
        if not self.is_superuser and getattr(self, "may_hold_permissions", True) is False:
            return False
        return super().has_perm(perm, obj)

    def get_full_name(self) -> str:
        """Return the name to show: empty when the provider gave none."""
        return super().get_full_name() or self.display_name


class OIDCIdentity(models.Model):
    """The subject `subject` of the provider `issuer` is this user. The only way a sign-in finds its account."""

    issuer = models.CharField(_("issuer"), max_length=255)
    subject = models.CharField(_("subject"), max_length=255)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities", verbose_name=_("user")
    )
    # The e-mail of which this issuer says that it is this person's; empty when it does not say so.
    verified_email = models.EmailField(_("verified e-mail"), blank=True, db_index=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="accounts_one_identity_a_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.issuer})"


class GroupMapping(models.Model):
    """Whoever has the value `value` of the attribute `attribute` is in `group`, from their next sign-in on.

    With a `unit`, both must hold of one enrolment or post: a student here who works there is no colleague here.
    """

    attribute = models.CharField(
        _("attribute"),
        max_length=60,
        default="entitlement",
        help_text=_("Usually “entitlement” (eduPersonEntitlement), “group” (isMemberOf) or “affiliation”."),
    )
    value = models.CharField(_("value"), max_length=255, help_text=_("Exactly as the provider sends it."))
    unit = models.CharField(
        _("in the unit"),
        max_length=120,
        blank=True,
        help_text=_("Its code as the provider sends it, without braces. Empty: in any unit, or in none."),
    )
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="mappings", verbose_name=_("group"))

    panels = [FieldPanel("attribute"), FieldPanel("value"), FieldPanel("unit"), FieldPanel("group")]

    class Meta:
        verbose_name = _("group given by a claim")
        verbose_name_plural = _("groups given by claims")
        ordering = ["group__name", "attribute", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["attribute", "value", "unit", "group"], name="accounts_one_mapping_a_group_and_unit"
            ),
        ]

    def __str__(self) -> str:
        unit = f" ({self.unit})" if self.unit else ""
        return f"{self.attribute} = {self.value}{unit} → {self.group}"

    def holds_for(self, read: claims.Attributes) -> bool:
        """Return whether one position of whoever has these attributes meets it."""
        return any(
            self.value in position.get(self.attribute, []) and (not self.unit or self.unit in position.get("unit", []))
            for position in read.merged()
        )

    def clean(self) -> None:
        known = claims.known_attributes()
        if self.attribute not in known:
            raise ValidationError(
                {
                    "attribute": _("“%(name)s” is not an attribute the portal knows. Known: %(known)s.")
                    % {"name": self.attribute, "known": ", ".join(known)}
                }
            )


class GrantedGroup(models.Model):
    """A group that claims gave to a user, and that claims alone take back. A group given by hand has no such row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="granted_groups")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("group granted by claims")
        verbose_name_plural = _("groups granted by claims")
        constraints = [
            models.UniqueConstraint(fields=["user", "group"], name="accounts_one_grant_a_group"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.group_id}"


class PortalSession(models.Model):
    """A session that a sign-in opened: what its owner sees of it, and by what the provider ends it.

    It lives as long as Django's session of that key; the worker forgets the others (accounts.sessions).
    """

    session_key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="portal_sessions")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    sid = models.CharField(max_length=255, blank=True)  # the provider's name for the session there, if it gives one
    browser = models.CharField(max_length=60, blank=True)
    began_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [
            models.Index(fields=["issuer", "subject"], name="accounts_session_subject"),
            models.Index(fields=["issuer", "sid"], name="accounts_session_sid"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.began_at:%Y-%m-%d %H:%M}"


class SpentLogout(models.Model):
    """A logout token that was obeyed, by its issuer and number: it is not obeyed twice."""

    key = models.CharField(max_length=64, unique=True)  # a digest of issuer and jti
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key
