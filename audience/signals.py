"""A change of a rule or of the hierarchy reaches the readers already signed in, in the transaction that makes it."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from audience.models import Audience, Condition, Rule
from audience.services import evaluate_everyone


@receiver([post_save, post_delete], sender=Condition)
@receiver([post_save, post_delete], sender=Rule)
@receiver([post_save, post_delete], sender=Audience)
def rules_changed(raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        evaluate_everyone()
