"""``manage.py invite``: invite somebody to an account."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_account, operator
from portal.models import Role
from portal.people import invitations


class Command(OperatorCommand):
    """Invite somebody and print the address of the invitation."""

    help = (
        "Invite somebody to an account. They get a mail with an address, good once and for "
        "seven days; an invitation that they had before ends."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--account", type=arguments.text(200), metavar="NAME", required=True)
        parser.add_argument("--email", type=arguments.text(254), metavar="E", required=True)
        parser.add_argument("--role", choices=Role.values, required=True)

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        account = find_account(options["account"])

        invitation = invitations.invite(
            account, options["email"], Role(options["role"]), by=operator()
        )

        url = invitations.address(invitation)
        role = invitation.get_role_display().lower()
        words = (
            f"Invited {invitation.email} to {account} as {role}. The mail will be sent; if it "
            f"cannot be delivered, the account's page People and /status/ say so.\n{url}"
        )
        return {"email": invitation.email, "url": url}, words
