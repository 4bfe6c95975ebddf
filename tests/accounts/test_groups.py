"""Groups that claims give and take back."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from pytest_django import Settings
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from accounts.models import GrantedGroup, GroupMapping, User
from accounts.services import administration, grant_groups

pytestmark = pytest.mark.django_db
HELD = [Group.permissions.through, GroupPagePermission, GroupCollectionPermission]
EDITOR = {"eduPersonEntitlement": ["urn:valmont:editor"]}


@pytest.fixture
def user() -> User:
    return User.objects.create()


@pytest.fixture
def editors() -> Group:
    group = Group.objects.create(name="Science editors")
    GroupMapping.objects.create(value="urn:valmont:editor", group=group)
    return group


def test_a_claim_gives_its_group_and_its_absence_takes_it_back(user: User, editors: Group) -> None:
    grant_groups(user, EDITOR)
    assert list(user.groups.all()) == [editors]

    grant_groups(user, {})
    assert list(user.groups.all()) == []


def test_a_group_given_by_hand_stays_when_claims_go(user: User, editors: Group) -> None:
    user.groups.add(editors)
    grant_groups(user, EDITOR)
    grant_groups(user, {})

    assert list(user.groups.all()) == [editors]


def test_a_group_no_claim_speaks_of_is_not_touched(user: User, editors: Group) -> None:
    other = Group.objects.create(name="By hand")
    user.groups.add(other)
    grant_groups(user, EDITOR)
    grant_groups(user, {})

    assert list(user.groups.all()) == [other]


def test_a_group_taken_by_hand_comes_back_with_its_claim(user: User, editors: Group) -> None:
    grant_groups(user, EDITOR)
    user.groups.clear()
    grant_groups(user, EDITOR)

    assert list(user.groups.all()) == [editors]
    assert GrantedGroup.objects.count() == 1


def test_a_removed_mapping_takes_its_group_back(user: User, editors: Group) -> None:
    grant_groups(user, EDITOR)
    GroupMapping.objects.all().delete()
    grant_groups(user, EDITOR)

    assert list(user.groups.all()) == []


@pytest.mark.parametrize("value", ["urn:valmont:editor", ["x", "urn:valmont:editor"]])
def test_a_claim_may_be_one_value_or_a_list(user: User, editors: Group, value: object) -> None:
    grant_groups(user, {"eduperson_entitlement": value})

    assert list(user.groups.all()) == [editors]


@pytest.mark.parametrize("value", ["URN:VALMONT:EDITOR", "urn:valmont:editor:other", "urn:valmont", {}, None, 3])
def test_only_the_exact_value_gives_the_group(user: User, editors: Group, value: object) -> None:
    grant_groups(user, {"eduPersonEntitlement": value})

    assert list(user.groups.all()) == []


def test_an_administrator_by_claim_may_do_everything_and_is_no_superuser(user: User, settings: Settings) -> None:
    settings.PARVIS_ADMIN_ENTITLEMENTS = ["urn:valmont:admin"]
    grant_groups(user, {"eduPersonEntitlement": "urn:valmont:admin", "is_superuser": True, "is_staff": True})

    user = User.objects.get()
    assert user.has_perm("wagtailadmin.access_admin")
    assert user.has_perm("accounts.change_groupmapping")
    assert not user.is_superuser

    grant_groups(user, {})
    assert not User.objects.get().has_perm("wagtailadmin.access_admin")


def test_making_the_administration_twice_changes_nothing() -> None:
    first = administration()
    held = [model.objects.filter(group=first).count() for model in HELD]
    second = administration()

    assert first == second
    assert held == [model.objects.filter(group=second).count() for model in HELD]
    assert all(held)


def test_a_mapping_names_an_attribute_the_portal_knows() -> None:
    with pytest.raises(ValidationError, match="Connus"):
        GroupMapping(attribute="shoe_size", value="42").clean()


@pytest.mark.parametrize(
    ("claims", "given"),
    [
        ({"eduPersonAffiliation": ["employee"], "supannEntiteAffectation": "U01"}, True),
        ({"eduPersonAffiliation": ["employee"], "supannEntiteAffectation": "U02"}, False),
        ({"eduPersonAffiliation": ["student"], "supannEntiteAffectation": "U01"}, False),
        ({"eduPersonAffiliation": ["employee"]}, False),
        # Who studies in one unit and works in another has no right in the first.
        ({"supannEtuInscription": "[affect=U01]", "supannEmpProfil": "[affil=employee][affect=U02]"}, False),
        ({"supannEtuInscription": "[affect=U02]", "supannEmpProfil": "[affil=employee][affect=U01]"}, True),
        ({"eduPersonAffiliation": ["student", "employee"], "supannEntiteAffectation": ["U01", "U02"]}, False),
    ],
)
def test_an_affiliation_in_a_unit_gives_its_group_within_one_position(
    user: User, claims: dict[str, object], given: bool
) -> None:
    group = Group.objects.create(name="Sciences")
    GroupMapping.objects.create(attribute="affiliation", value="employee", unit="U01", group=group)
    grant_groups(user, claims)

    assert user.groups.exists() is given
