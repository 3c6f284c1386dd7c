"""Handing one mail to the mail server, within a limit, and what may come of it."""

from __future__ import annotations

import base64
import smtplib
import threading
import uuid
from concurrent.futures import Future
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives

from portal.models import Trouble

try:
    from anymail.exceptions import (
        AnymailError,
        AnymailInvalidAddress,
        AnymailRecipientsRefused,
    )
except ImportError:  # the extra "anymail" is not installed, and nobody raises these

    class AnymailError(Exception):  # type: ignore[no-redef]
        """Whatever a provider's API has against a mail."""

    AnymailInvalidAddress = AnymailRecipientsRefused = AnymailError

NO_SUCH_MAILBOX = (550, 551, 553)
"""What a server may answer when it knows the receiver only after it has read the mail."""
NEVER_TAKEN = (400, 413, 422)
"""What a provider's API answers to a mail that it will not take the next time either."""
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What files are, by the ends of their names."""
LONGEST = 30
"""Seconds that one mail may take in all, whatever the server does. Each wait for a word of it is
limited by the mailer's option ``timeout``; but a name server may be silent, and a mail server may
say a word now and then."""


class Attached(NamedTuple):
    """A file that goes along with a mail, as JSON can hold it."""

    name: str
    content: str

    @classmethod
    def of(cls, name: str, content: bytes) -> Attached:
        """The file with this name."""
        return cls(name, base64.b64encode(content).decode())


@dataclass(frozen=True)
class Text:
    """What a mail says."""

    subject: str
    plain: str
    html: str
    reply_to: list[str] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)
    stops_at: str = ""
    """Where its reader stops mails of the kind, in one press (RFC 8058)."""


class NotSent(Exception):
    """The mail server did not take the mail; the text is for the log and quotes no mail."""

    trouble: ClassVar[Trouble]


class Unreachable(NotSent):
    """No mail can be sent now: no answer, no connection, no sign-in, or a sender refused."""

    trouble = Trouble.UNREACHABLE


class Deferred(NotSent):
    """The server wants this mail later (4xx)."""

    trouble = Trouble.DEFERRED


class Refused(NotSent):
    """The server will never take this mail for this receiver (5xx)."""

    trouble = Trouble.REFUSED


class AddressRefused(Refused):
    """It will never take any mail for this receiver."""


def compose(text: Text, *, to: str, message_id: uuid.UUID) -> EmailMessage:
    """The mail as it is sent; with the same id it is the same mail."""
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    headers = {
        "Message-ID": f"<{message_id}@{sender.rpartition('@')[2]}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's holiday is told to it
    }
    if text.stops_at:
        headers["List-Unsubscribe"] = f"<{text.stops_at}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        text.subject, text.plain, to=[to], reply_to=text.reply_to or None, headers=headers
    )
    mail.attach_alternative(text.html, "text/html")
    for name, content in text.attached:
        mail.attach(name, base64.b64decode(content), TYPES[name.rpartition(".")[2]])
    return mail


def send(mail: EmailMessage) -> None:
    """Hand a mail to one receiver over; raise Unreachable, Deferred or Refused."""
    done: Future[int] = Future()
    threading.Thread(target=hand_over, args=[mail, done], daemon=True).start()
    try:
        done.result(timeout=LONGEST)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        raise about_this_mail(error) from error
    except AnymailError as error:
        raise of_provider(error) from error
    except OSError as error:  # no connection, no answer in time, and smtplib's other errors
        raise Unreachable(in_the_log(error)) from error
    except ValueError as error:
        raise AddressRefused("not an address that mail can be sent to") from error


def hand_over(mail: EmailMessage, done: Future[int]) -> None:
    """Send it in a thread of its own; whatever happens is for whoever waits."""
    try:
        done.set_result(mail.send())
    except BaseException as error:
        done.set_exception(error)


def about_this_mail(error: smtplib.SMTPException) -> NotSent:
    """What the server thinks of this receiver, or of this mail."""
    code = code_of(error)
    told = f"{type(error).__name__} {code}"
    if not 500 <= code < 600:
        return Deferred(told)
    is_of_receiver = isinstance(error, smtplib.SMTPRecipientsRefused) or code in NO_SUCH_MAILBOX
    return AddressRefused(told) if is_of_receiver else Refused(told)


def of_provider(error: AnymailError) -> NotSent:
    """What a provider's API thinks of this mail, without its words, which quote the mail."""
    told = f"{type(error).__name__} {getattr(error, 'status_code', None) or ''}".strip()
    if isinstance(error, (AnymailRecipientsRefused, AnymailInvalidAddress)):
        return AddressRefused(told)
    status = getattr(error, "status_code", None)
    is_of_mail = isinstance(error, (TypeError, ValueError)) or status in NEVER_TAKEN
    return Refused(told) if is_of_mail else Unreachable(told)


def code_of(error: smtplib.SMTPException) -> int:
    """The number that the server answered; of a mail to one receiver there is one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        [(code, _text)] = error.recipients.values()
        return int(code)
    return int(getattr(error, "smtp_code", 0))


def in_the_log(error: OSError) -> str:
    """The error without the server's words, which may quote addresses."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    if isinstance(error, smtplib.SMTPException):
        return type(error).__name__
    return f"{type(error).__name__}: {error}"
