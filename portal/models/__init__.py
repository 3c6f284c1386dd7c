"""Who signs in, for which accounts, and what an account's owners decided for its people."""

from portal.models.people import Invitation, Membership, Role, User
from portal.models.preferences import AccountPreferences

__all__ = ["AccountPreferences", "Invitation", "Membership", "Role", "User"]
