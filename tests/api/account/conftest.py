"""An account whose programs ask, and what there is to be seen of it."""

from __future__ import annotations

import pytest

from licensing import sessions
from licensing.errors import PoolExhausted
from portal.models import Scope
from tests.factories import (
    AccountFactory,
    make_api_token,
    make_client,
    make_pool,
    make_session,
)
from tests.kept import kept


@kept
def account():
    return AccountFactory(name="Brook & Co")


@kept
def pool(account):
    """The key of a pool of one seat."""
    return make_pool(1, account=account, name="London planners", features=["bim"])


@kept
def session(pool):
    """Anna's session on the only seat; Bert was refused."""
    session = make_session(pool, make_client(username="anna", machine_name="CAD-1"))
    with pytest.raises(PoolExhausted):
        sessions.check_out(pool, make_client(username="bert", machine_name="CAD-2"))
    return session


@kept
def token(account):
    """A token that may do everything but see names that viewers don't."""
    return make_api_token(account, *(scope for scope in Scope if scope != Scope.NAMES))
