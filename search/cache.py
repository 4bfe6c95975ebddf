"""Redis as a cache that may be away."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Without Redis, nothing is kept and everything is made anew; the portal goes on."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as error:
            log.warning("cache away: %s", type(error).__name__)
            return default

    def set(self, key: str, value: Any, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(key, value, *args, **kwargs)
        except RedisError as error:
            log.warning("cache away: %s", type(error).__name__)

    def add(self, key: str, value: Any, *args: Any, **kwargs: Any) -> bool:
        try:
            return bool(super().add(key, value, *args, **kwargs))
        except RedisError as error:
            log.warning("cache away: %s", type(error).__name__)
            return True

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        try:
            return int(super().incr(key, delta, version))
        except RedisError as error:
            log.warning("cache away: %s", type(error).__name__)
            return delta

    def delete(self, key: str, version: int | None = None) -> bool:
        try:
            return bool(super().delete(key, version))
        except RedisError as error:
            log.warning("cache away: %s", type(error).__name__)
            return False

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        try:
            return dict(super().get_many(keys, version))
        except RedisError as error:
            log.warning("cache away: %s", type(error).__name__)
            return {}
