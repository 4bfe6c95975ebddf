"""Signals of the content room."""

from django.dispatch import Signal

# Sent when a page and all that belongs to it (audiences and topics too) are in the database; gives `pk`.
page_saved = Signal()
