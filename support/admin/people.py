"""People: memberships and invitations."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin

from portal.mail import failing
from portal.models import (
    AccountPreferences,
    EmailChange,
    Invitation,
    Membership,
    PersonPreferences,
    ProviderLink,
    SignIn,
    SingleSignOn,
    VerifiedDomain,
)
from support.admin.act_pages import ActAdmin
from support.admin.tables import RecordAdmin


@admin.register(Membership)
class MembershipAdmin(ActAdmin):
    """Who has which role in which account."""

    list_display = ["user", "account", "role", "invited_by", "created_at"]
    list_filter = ["role", ("user__mail_fails_since", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "account"]
    search_fields = ["user__name", "user__email", "account__name"]
    fields = ["account", "user", "role", "invited_by", "created_at", "mails"]
    readonly_fields = ["created_at", "mails"]

    @admin.display(description="mails")
    def mails(self, membership: Membership) -> str:
        """Whether mails to the person arrive."""
        return failing.how_it_fails(membership.user)


@admin.register(Invitation)
class InvitationAdmin(ActAdmin):
    """Invitations, without the code that makes their address."""

    list_display = ["email", "account", "role", "invited_by", "created_at", "ends_at",
                    "accepted_at", "cancelled_at", "asked_again_at"]  # fmt: skip
    list_select_related = ["account"]
    search_fields = ["email", "account__name"]
    fields = ["account", "email", "role", "invited_by", "message", "created_at", "ends_at",
              "accepted_at", "cancelled_at", "asked_again_at", "mail"]  # fmt: skip
    readonly_fields = ["created_at"]


@admin.register(AccountPreferences)
class AccountPreferencesAdmin(RecordAdmin):
    """What owners decided for their account's people."""

    list_display = ["account", "two_step_required_from", "sign_out_after_hours", "shows_aliases"]
    list_select_related = ["account"]
    search_fields = ["account__name"]
    fields = ["account", "two_step_required_from", "sign_out_after_hours", "shows_aliases"]


@admin.register(PersonPreferences)
class PersonPreferencesAdmin(RecordAdmin):
    """How people like their lists."""

    list_display = ["person", "density"]
    list_select_related = ["person"]
    search_fields = ["person__name", "person__email"]
    fields = ["person", "density", "columns"]


@admin.register(SignIn)
class SignInAdmin(RecordAdmin):
    """Which browsers, in which ranges of addresses, people have signed in with."""

    list_display = ["user", "browser", "network", "at"]
    list_select_related = ["user"]
    search_fields = ["user__name", "user__email"]
    fields = ["user", "browser", "network", "at"]


@admin.register(EmailChange)
class EmailChangeAdmin(RecordAdmin):
    """Changes of address, without the codes that confirm them."""

    list_display = ["user", "email", "created_at", "ends_at", "done_at", "cancelled_at"]
    list_select_related = ["user"]
    search_fields = ["user__name", "user__email", "email"]
    fields = ["user", "email", "actor_name", "reason", "created_at", "due_at", "ends_at",
              "old_confirmed_at", "new_confirmed_at", "done_at", "cancelled_at"]  # fmt: skip
    readonly_fields = ["created_at"]


@admin.register(SingleSignOn)
class SingleSignOnAdmin(RecordAdmin):
    """Accounts' own sign-in services, without their secrets."""

    list_display = ["account", "protocol", "issuer", "changed_at", "tested_at", "required_at"]
    list_filter = ["protocol"]
    list_select_related = ["account"]
    search_fields = ["account__name", "issuer"]
    fields = ["account", "protocol", "issuer", "client_id", "sign_in_url", "certificates",
              "metadata_url", "metadata_read_at", "metadata_failed_at", "sign_in_origin",
              "changed_at", "tested_at", "required_at", "takes_newcomers"]  # fmt: skip
    readonly_fields = ["changed_at"]


@admin.register(ProviderLink)
class ProviderLinkAdmin(RecordAdmin):
    """Who people are at their account's provider."""

    list_display = ["membership", "subject", "linked_at"]
    list_select_related = ["membership__user", "membership__account"]
    search_fields = ["membership__user__name", "membership__user__email", "subject"]
    fields = ["single", "membership", "subject", "linked_at"]
    readonly_fields = ["linked_at"]


@admin.register(VerifiedDomain)
class VerifiedDomainAdmin(RecordAdmin):
    """The e-mail domains that accounts claim."""

    list_display = ["name", "account", "verified_at", "created_at"]
    list_select_related = ["account"]
    search_fields = ["name", "account__name"]
    fields = ["name", "account", "verified_at", "created_at"]
    readonly_fields = ["created_at"]


admin.site.unregister(UserSession)  # allauth's page looks for a user name, which nobody has


@admin.register(UserSession)
class UserSessionAdmin(RecordAdmin):
    """Where people are signed in."""

    list_display = ["user", "created_at", "last_seen_at", "ip", "user_agent"]
    list_select_related = ["user"]
    search_fields = ["user__name", "user__email", "ip"]
    fields = ["user", "created_at", "last_seen_at", "ip", "user_agent"]
    readonly_fields = ["created_at"]


for unused in (SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(unused)  # nothing is kept there
for own in (EmailAddress, Authenticator):
    admin.site.unregister(own)  # how people sign in: what is done to it are acts
