#!/usr/bin/env python
"""Django's command line for this product."""

import sys

from config.command_line import manage

if __name__ == "__main__":
    manage(sys.argv)
