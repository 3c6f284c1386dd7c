import sys

from django.apps import AppConfig, apps

from portal.mail import mailer


class PortalConfig(AppConfig):
    """The customer account portal: people and the pages they use."""

    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stop the start with one line when mail is set up wrongly; hear of sign-ins.

        Those, wrong codes and wrong second steps are told by signals alone.
        """
        if fault := mailer.fault():
            sys.exit(fault)

        from allauth.account.signals import login_code_rejected
        from allauth.mfa.signals import authentication_failed
        from django.contrib.auth.signals import user_logged_in, user_logged_out

        from portal.sign_in import alarms, sign_ins, visits  # models are loaded only now

        if apps.is_installed("anymail"):
            hear_of_bounces()
        user_logged_in.connect(sign_ins.note_beginning)
        user_logged_out.connect(visits.end_at_sign_out)
        login_code_rejected.connect(alarms.code_rejected)
        authentication_failed.connect(alarms.second_step_failed)


def hear_of_bounces() -> None:
    """Hear what the provider of mail tells of mails that it took."""
    from anymail.signals import tracking

    from portal.mail import bounces

    tracking.connect(bounces.hear)
