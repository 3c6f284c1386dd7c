"""Wiring: settings, URLs, WSGI and Celery. No rule of the product lives here."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
