"""What a sign-in writes: the account, its names, its groups, and what audience keeps of the reader."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from accounts.errors import Reason, SignInError
from accounts.models import GrantedGroup, GroupMapping, OIDCIdentity, User
from accounts.sessions import open_sessions
from audience import claims as audience_claims
from audience.holdings import exported
from audience.services import explain, remember

ADMINISTRATION = "Administration"

# The claims each field of the user is read from: OpenID Connect's, then SUPANN's and ProConnect's.
NAMES = {
    "first_name": ("given_name", "givenName"),
    "last_name": ("family_name", "sn", "usual_name"),
    "display_name": ("name", "displayName", "cn"),
    "email": ("email", "mail"),
}


def sign_in(*, issuer: str, subject: str, claims: Mapping[str, object]) -> User:
    """Return the user that `issuer` calls `subject`, brought up to date with `claims`, created at the first sign-in.

    Raises SignInError when the account is closed, and then changes nothing.
    """
    email = verified_email(claims)
    account = account_of(issuer=issuer, subject=subject, email=email)
    with transaction.atomic():
        # Two sign-ins of one person come one after the other, so that groups are not granted by half.
        user = User.objects.select_for_update().get(pk=account.pk)
        if not user.is_active:
            raise SignInError(Reason.CLOSED, "account disabled")
        user.identities.filter(issuer=issuer, subject=subject).exclude(verified_email=email).update(
            verified_email=email
        )
        update_names(user, claims)
        grant_groups(user, claims)
        remember(user, claims)
    return user


def account_of(*, issuer: str, subject: str, email: str = "") -> User:
    """Return the user of this identity, made if it is new. Sign-ins that race get the same one.

    `email`: a verified one, by which a new identity finds its account where the settings let it.
    """
    identities = OIDCIdentity.objects.select_related("user").filter(issuer=issuer, subject=subject)
    if known := identities.first():
        return known.user
    unusable = make_password(None)
    try:
        with transaction.atomic():
            user = linked_account(issuer=issuer, email=email) or User.objects.create(password=unusable)
            OIDCIdentity.objects.create(issuer=issuer, subject=subject, user=user, verified_email=email)
    except IntegrityError:  # another sign-in was first: its account is the one, ours was rolled back
        return identities.get().user
    return user


def linked_account(*, issuer: str, email: str) -> User | None:
    """Return the account of whom another issuer knows by this verified e-mail, if there is one and the settings agree.

    Within one issuer an e-mail that comes back is someone else's, who was given it after the first.
    """
    if not email or not settings.OIDC_LINK_VERIFIED_EMAIL:
        return None
    elsewhere = OIDCIdentity.objects.exclude(issuer=issuer).filter(verified_email__iexact=email)
    accounts = User.objects.filter(identities__in=elsewhere, is_active=True).distinct()
    found = list(accounts.exclude(identities__issuer=issuer)[:2])
    return found[0] if len(found) == 1 else None


def verified_email(claims: Mapping[str, object]) -> str:
    """Return the e-mail of which `claims` say that it was verified, else an empty text."""
    email = _text(claims, NAMES["email"])
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email.lower() if claims.get("email_verified") is True else ""


def update_names(user: User, claims: Mapping[str, object]) -> None:
    """Give `user` the names and address in `claims`; those that the provider does not send are forgotten."""
    said = {field: _text(claims, names) for field, names in NAMES.items()}
    try:
        validate_email(said["email"])
    except ValidationError:
        said["email"] = ""
    changed = [field for field, value in said.items() if getattr(user, field) != value]
    for field in changed:
        setattr(user, field, said[field])
    if changed:
        user.save(update_fields=changed)


def _text(claims: Mapping[str, object], names: Iterable[str]) -> str:
    """Return the first of these claims as one line of at most 150 characters, whatever was sent."""
    for name in names:
        value = claims.get(name)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, str):
            # Control and direction characters could disguise a name; those of scripts (joiners) are not touched.
            kept = (c for c in value if c not in BIDI and unicodedata.category(c) != "Cs")
            shown = "".join(" " if unicodedata.category(c) == "Cc" else c for c in kept)
            if line := " ".join(shown.split())[:150].strip():
                return line
    return ""


BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def grant_groups(user: User, claims: Mapping[str, object]) -> None:
    """Put `user` in the groups that `claims` give, out of those that claims gave and no longer give.

    Groups given by hand are not touched, nor is `is_superuser`: no claim makes one.
    """
    wanted = groups_of(claims)
    granted = {grant.group_id: grant for grant in GrantedGroup.objects.filter(user=user)}
    held = set(user.groups.values_list("pk", flat=True))
    # Who already was in the group by hand stays there when the claim goes: no grant is written.
    given = [pk for pk in wanted if pk not in held]
    withdrawn = [pk for pk in granted if pk not in wanted]
    if given:
        user.groups.add(*given)
        GrantedGroup.objects.bulk_create(
            [GrantedGroup(user=user, group_id=pk) for pk in given if pk not in granted],
        )
    if withdrawn:
        user.groups.remove(*withdrawn)
        GrantedGroup.objects.filter(user=user, group_id__in=withdrawn).delete()


def groups_of(claims: Mapping[str, object]) -> set[int]:
    """Return the ids of the Wagtail groups that `claims` give."""
    read = audience_claims.read(claims)
    groups = {mapping.group_id for mapping in GroupMapping.objects.all() if mapping.holds_for(read)}
    said = {*read.values("entitlement"), *read.values("group")}
    if said.intersection(getattr(settings, "PARVIS_ADMIN_ENTITLEMENTS", [])):
        groups.add(administration().pk)
    return groups


def administration() -> Group:
    """Return the group that may do everything in the admin, made or completed if need be.

    It is a group like another: an administrator's rights are seen and withdrawn as such, which a superuser's are not.
    """
    group, _ = Group.objects.get_or_create(name=ADMINISTRATION)
    group.permissions.add(*Permission.objects.exclude(group=group))
    on_pages = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=Page.permission_codenames)
    for root in Page.get_root_nodes():
        held = GroupPagePermission.objects.filter(group=group, page=root).values("permission")
        GroupPagePermission.objects.bulk_create(
            GroupPagePermission(group=group, page=root, permission=permission)
            for permission in on_pages.exclude(pk__in=held)
        )
    on_files = Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs", "wagtailcore"],
        content_type__model__in=["image", "document", "collection"],
    )
    for collection in Collection.get_root_nodes():
        held = GroupCollectionPermission.objects.filter(group=group, collection=collection).values("permission")
        GroupCollectionPermission.objects.bulk_create(
            GroupCollectionPermission(group=group, collection=collection, permission=permission)
            for permission in on_files.exclude(pk__in=held)
        )
    return group


def kept_attributes(user: User) -> audience_claims.Attributes:
    """Return what the portal keeps of the claims of `user`."""
    known = getattr(user, "known_reader", None)
    return audience_claims.Attributes.from_json(known.attributes if known else {})


def held_on(user: User) -> dict[str, Any]:
    """Return what the portal holds on `user`, ready for JSON."""
    attributes = kept_attributes(user)
    return {
        "account": {
            "username": user.username,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "display_name": user.display_name,
            "email": user.email,
            "created": user.date_joined.isoformat(),
            "last_sign_in": user.last_login.isoformat() if user.last_login else None,
        },
        "identities": [
            {"issuer": identity.issuer, "subject": identity.subject, "since": identity.created_at.isoformat()}
            for identity in user.identities.all()
        ],
        "attributes": attributes.as_json(),
        "audiences": [
            {"audience": reason.audience.slug, "name": reason.audience.label, "because": str(reason.rule)}
            for reason in explain(attributes)
        ],
        "sessions": [
            {"since": session.began_at.isoformat(), "browser": session.browser} for session in open_sessions(user)
        ],
        "groups": sorted(user.groups.values_list("name", flat=True)),
        **exported(user),
    }
