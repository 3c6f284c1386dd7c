from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The customer account portal: people and the pages they use."""

    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"
