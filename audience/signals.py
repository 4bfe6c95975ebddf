"""A change of a rule or of the hierarchy reaches the readers already signed in.

In the transaction that makes it, as long as few readers differ from one another; by the worker, within seconds, where
there are so many that whoever saves would wait.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from audience.models import Audience, Condition, KnownReader, Rule
from audience.services import evaluate_everyone
from audience.tasks import evaluate_known_readers
from audience.version import touch

AT_ONCE = 500  # distinct sets of attributes: a tenth of a second


@receiver([post_save, post_delete], sender=Condition)
@receiver([post_save, post_delete], sender=Rule)
@receiver([post_save, post_delete], sender=Audience)
def rules_changed(raw: bool = False, **kwargs: Any) -> None:
    if raw:
        return
    if KnownReader.objects.values("attributes_key").distinct().count() <= AT_ONCE:
        evaluate_everyone()
        return
    touch(reference=True)
    # Once for a rule and all its conditions.
    if not any(entry[1] == evaluate_later for entry in connection.run_on_commit):
        transaction.on_commit(evaluate_later)


def evaluate_later() -> None:
    evaluate_known_readers.enqueue()
