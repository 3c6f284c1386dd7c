"""Who signs in, for which accounts, and what an account's owners decided for its people."""

from portal.models.alerts import Alert, AlertNotice, AlertRule
from portal.models.beat import Beat
from portal.models.deliveries import Delivery, DeliveryState, Trouble
from portal.models.email_changes import EmailChange
from portal.models.exports import Export
from portal.models.kept_forms import KeptForm
from portal.models.notes import LicenceNotes
from portal.models.people import Invitation, MailFailure, Membership, Role, User
from portal.models.preferences import AccountPreferences, PersonPreferences
from portal.models.reports import Every, FileFormat, Report, ReportKind, ReportReader
from portal.models.requests import CustomerRequest, RequestKind, RequestState
from portal.models.secret_addresses import SecretAddress
from portal.models.secrets import KnownSecret
from portal.models.sent_forms import SentForm
from portal.models.sign_ins import SignIn
from portal.models.snoozes import Snooze
from portal.models.sso import Protocol, ProviderLink, SingleSignOn, VerifiedDomain
from portal.models.tags import LicenceTag
from portal.models.tokens import ApiToken, Scope, SecretToken
from portal.models.views import SavedView
from portal.models.visits import Visit, VisitOver
from portal.models.webhooks import OffBecause, Webhook, WebhookDelivery, WebhookKind

__all__ = [
    "AccountPreferences",
    "Alert",
    "AlertNotice",
    "AlertRule",
    "ApiToken",
    "Beat",
    "CustomerRequest",
    "Delivery",
    "DeliveryState",
    "EmailChange",
    "Every",
    "Export",
    "FileFormat",
    "Invitation",
    "KeptForm",
    "KnownSecret",
    "LicenceNotes",
    "LicenceTag",
    "MailFailure",
    "Membership",
    "OffBecause",
    "PersonPreferences",
    "Protocol",
    "ProviderLink",
    "Report",
    "ReportKind",
    "ReportReader",
    "RequestKind",
    "RequestState",
    "Role",
    "SavedView",
    "Scope",
    "SecretAddress",
    "SecretToken",
    "SentForm",
    "SignIn",
    "SingleSignOn",
    "Snooze",
    "Trouble",
    "User",
    "VerifiedDomain",
    "Visit",
    "VisitOver",
    "Webhook",
    "WebhookDelivery",
    "WebhookKind",
]
