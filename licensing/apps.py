from django.apps import AppConfig


class LicensingConfig(AppConfig):
    """The licence domain; it knows no page and no user account."""

    name = "licensing"
    default_auto_field = "django.db.models.BigAutoField"
