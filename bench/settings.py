"""The product's settings, with one more address: the hello world it is compared with."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
