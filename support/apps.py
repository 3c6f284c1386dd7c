from django.apps import AppConfig


class SupportConfig(AppConfig):
    """The vendor's support desk: the admin, the console and the demo's data."""

    name = "support"
    default_auto_field = "django.db.models.BigAutoField"
