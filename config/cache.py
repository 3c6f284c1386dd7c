"""The cache: Redis, or nothing when Redis is down."""

from __future__ import annotations

import time
from typing import Any

from django_redis.cache import RedisCache
from redis import ConnectionError, ConnectionPool, TimeoutError

LEFT_ALONE = 5
"""Seconds: for so long Redis is not asked again by a process that got no answer."""


class OpenCache(RedisCache):
    """A Redis cache that behaves as an empty one while Redis cannot be asked.

    django-redis can ignore errors; but then ``add`` seems to find the key there
    already, so that a lock in the cache (allauth takes one to count sign-ins) looks
    taken for ever, and nobody could sign in.
    """

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """Store a value unless there is one; True too when Redis could not be asked."""
        added: bool | None = super().add(*args, **kwargs)
        return True if added is None else added


class PatientPool(ConnectionPool):
    """Connections to Redis; one that is silent costs one wait in five seconds, not one a question.

    A page asks the cache a dozen times, and the API for each wrong key.
    """

    left_alone_until = 0.0

    def get_connection(self, *args: Any, **kwargs: Any) -> Any:
        """A connection that works; raise ConnectionError or TimeoutError."""
        if time.monotonic() < self.left_alone_until:
            raise ConnectionError("Redis gave no answer a moment ago.")
        try:
            return super().get_connection(*args, **kwargs)
        except (ConnectionError, TimeoutError):
            self.left_alone_until = time.monotonic() + LEFT_ALONE
            raise
