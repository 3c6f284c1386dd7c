import sys

from django.apps import AppConfig

from portal import mailer


class PortalConfig(AppConfig):
    """The customer account portal: people and the pages they use."""

    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stop the start with one line when mail is set up wrongly."""
        if fault := mailer.fault():
            sys.exit(fault)
