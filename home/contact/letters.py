"""Letters that leave the portal by e-mail. None is kept; one that cannot leave waits among the worker's tasks."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import timedelta
from email.utils import formataddr, parseaddr
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.dispatch import receiver
from django.utils import timezone
from django_tasks import task
from django_tasks.signals import task_finished
from django_tasks_db.models import DBTaskResult

from audience.version import current_version
from search.identity import names_in, portal_settings

log = logging.getLogger(__name__)

# Minutes from one try to the next: three days in all, as mail servers do.
WAITS = (1, 5, 15, 60, 240, 720, 1440, 1440)
KEPT = timedelta(days=4)  # longer than all tries together


@dataclass(frozen=True)
class Letter:
    """Plain text to one address; `reply_to` may be empty."""

    to: str
    subject: str
    text: str
    reply_to: str = ""


def send(letter: Letter) -> bool:
    """Send `letter` now, or else as soon as it can leave; return whether it has left."""
    try:
        _deliver(letter)
    except (SMTPException, OSError) as error:
        _wait(letter, tries=0, error=error)
        return False
    return True


def _deliver(letter: Letter) -> None:
    # A header is one line, whoever wrote it.
    subject = " ".join(letter.subject.split())
    reply_to = [letter.reply_to] if letter.reply_to else None
    EmailMessage(subject, letter.text, sender(), [letter.to], reply_to=reply_to).send()


def sender() -> str:
    """Return the portal's address under its name, unless the setting has a name of its own."""
    own, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    names = names_in(settings.LANGUAGE_CODE, portal_settings(current_version()))
    return formataddr((own or " ".join(names.whole.split()), address))


def _wait(letter: Letter, *, tries: int, error: Exception) -> None:
    if tries >= len(WAITS):
        log.error("letter given up after %s tries: %s", tries + 1, type(error).__name__)
        return
    log.warning("letter waits: %s", type(error).__name__)  # the error itself may name the reader's address
    deliver_later.using(run_after=timezone.now() + timedelta(minutes=WAITS[tries])).enqueue(asdict(letter), tries + 1)


@task()
def deliver_later(letter: dict[str, str], tries: int) -> None:
    """Send a letter that could not leave; `tries` is how often that was tried again before."""
    try:
        _deliver(Letter(**letter))
    except (SMTPException, OSError) as error:
        _wait(Letter(**letter), tries=tries, error=error)


def _waiting() -> Any:
    return DBTaskResult.objects.filter(task_path=deliver_later.module_path)


@receiver(task_finished)
def forget(task_result: Any, **kwargs: Any) -> None:
    """The task has the letter in it: once it is done, nothing is kept."""
    if task_result.task.module_path == deliver_later.module_path:
        _waiting().filter(pk=task_result.id).delete()


def forget_old_letters() -> None:
    """Remove what a worker that was stopped midway left behind."""
    _waiting().filter(enqueued_at__lt=timezone.now() - KEPT).delete()
