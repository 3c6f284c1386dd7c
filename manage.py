#!/usr/bin/env python
"""Django's command line for this product."""

import os
import sys

from django.db import OperationalError, connection


def main() -> None:
    """Run one management command; leave with one line when there is no database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # after the settings are named

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if connection.connection is not None:
            raise
        sys.exit(f"DATABASE_URL: {str(error).splitlines()[0]}")


if __name__ == "__main__":
    main()
