"""Wiring: settings, URLs, WSGI and Celery. No rule of the product lives here."""

from config.celery import app as celery_app

VERSION = "0.1.0"
"""Of the product; a release has it from here."""

__all__ = ["VERSION", "celery_app"]
