"""The cache: Redis, or nothing when Redis is down."""

from __future__ import annotations

from typing import Any

from django_redis.cache import RedisCache


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
