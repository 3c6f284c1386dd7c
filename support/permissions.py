"""Who of the vendor's staff may do what: the one table, from which groups get their rights.

Every group sees every record. An act that no group is named for is for superusers.
Whoever changes this table, or adds a model that staff see, adds a migration that calls
``grant`` again.
"""

from __future__ import annotations

from django.contrib.auth.management import create_permissions

SUPPORT, SALES, SUPERVISOR, AUDITOR = "Support", "Sales", "Supervisor", "Auditor"
GROUPS = (SUPPORT, SALES, SUPERVISOR, AUDITOR)

MAY: dict[str, tuple[str, ...]] = {
    # table_act:              who may
    "clientsession_release": (SUPPORT,),
    "licence_block": (SUPPORT,),
    "accessrule_lift": (SUPPORT,),
    "licence_add_key": (SUPPORT,),
    "productkey_reissue": (SUPPORT,),
    "productkey_end_overlap": (SUPPORT,),
    "productkey_revoke": (SUPPORT,),
    "productkey_end_sessions": (SUPPORT,),
    "productkey_hand_over": (SUPPORT, SALES),
    "device_free": (SUPPORT,),
    "device_write_off": (SUPPORT,),
    "licence_policy": (SUPPORT,),
    "licence_reactivate": (SUPPORT,),
    "licence_seats": (SALES,),
    "licence_emergency": (SALES, SUPERVISOR),
    "plannedseats_cancel": (SALES, SUPERVISOR),
    "plannedseats_end": (SALES, SUPERVISOR),
    "licence_feature": (SALES,),
    "licence_remove_feature": (SALES,),
    "licence_term": (SALES,),
    "licence_suspend": (SUPPORT, SALES),
    "licence_reinstate": (SUPPORT, SALES),
    "licence_close": (SUPPORT, SALES),
    "account_open": (SALES,),
    "account_sell": (SALES,),
    "account_invite": (SUPPORT, SALES),
    "account_leaver": (SUPPORT,),
    "account_erase_person": (SUPPORT, SUPERVISOR),
    "account_import_alm": (SALES,),
    "account_date_alm_end": (SALES,),
    "account_take_alm_end_back": (SALES,),
    "account_import_options": (SUPPORT, SALES),
    "account_import_keygen": (SALES,),
    "account_export": (SUPERVISOR,),
    "account_read_in": (SUPERVISOR,),
    "account_take_over_lease": (SALES,),
    "account_merge": (SUPPORT, SUPERVISOR),
    "account_close": (SUPERVISOR,),
    "account_cancel_closing": (SUPPORT, SALES, SUPERVISOR),
    "invitation_send_again": (SUPPORT, SALES),
    "invitation_withdraw": (SUPPORT, SALES),
    "membership_leaver": (SUPPORT,),
    "membership_remove": (SUPPORT,),
    "membership_reset_two_step": (SUPPORT,),
    "membership_change_email": (SUPPORT,),
    "membership_replace_email": (),
    "webhook_send_again": (SUPPORT,),
    "webhook_send_test": (SUPPORT,),
    "webhookdelivery_send_again": (SUPPORT,),
    "product_add": (SALES, SUPERVISOR),
    "product_add_feature": (SALES, SUPERVISOR),
    "product_minimum_version": (SALES, SUPERVISOR),
    "product_rename": (SALES, SUPERVISOR),
    "product_withdraw": (SALES, SUPERVISOR),
    "product_offer": (SALES, SUPERVISOR),
    "feature_rename": (SALES, SUPERVISOR),
    "feature_withdraw": (SALES, SUPERVISOR),
    "feature_offer": (SALES, SUPERVISOR),
    "licencetemplate_add": (SALES, SUPERVISOR),
    "licencetemplate_change": (SALES, SUPERVISOR),
    "licencetemplate_withdraw": (SALES, SUPERVISOR),
    "licencetemplate_offer": (SALES, SUPERVISOR),
    "user_rights": (),
    "user_lock_out": (),
    "user_let_in": (),
    "customerrequest_take": (SUPPORT, SALES),
    "customerrequest_answer": (SUPPORT, SALES),
    "customerrequest_grant": (SALES,),
}

MAY_APPROVE: dict[str, tuple[str, ...]] = {
    # table_act that a second one has to approve: who may, but never what they asked for
    "membership_reset_two_step": (SUPPORT, SUPERVISOR),
    "account_erase_person": (SUPPORT, SUPERVISOR),
    "account_merge": (SUPERVISOR,),
}

MAY_BESIDES: dict[str, tuple[str, ...]] = {
    # what is no act upon a record: who may
    "account_view_as": (SUPPORT,),
    "account_export_person": (SUPPORT, SUPERVISOR),
    "activity_see": (SUPERVISOR, AUDITOR),
    "activity_sign": (SUPERVISOR,),
    "renewals_see": (SALES, SUPERVISOR, AUDITOR),
    "webhook_keep": (SUPERVISOR,),
    "stafftoken_make": (SALES, SUPERVISOR),
    "stafftoken_oversee": (SUPERVISOR,),
}

ALL = MAY | MAY_BESIDES | {f"{act}_approve": groups for act, groups in MAY_APPROVE.items()}
RIGHTS = [(codename, f"May do: {codename.replace('_', ' ')}") for codename in ALL]
SEE = ("licensing", "portal")
"""The apps whose records every group sees."""


def grant(apps, current) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Give the groups exactly what the table says, and sight of every record.

    ``apps`` are a migration's, ``current`` those of the code: permissions would
    otherwise be made only after the last migration.
    """
    for app in (*SEE, "auth", "support"):
        create_permissions(current.get_app_config(app), verbosity=0)
    permissions = apps.get_model("auth", "Permission").objects
    for name in GROUPS:
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        acts = [codename for codename, groups in ALL.items() if name in groups]
        group.permissions.set(
            [
                *permissions.filter(content_type__app_label__in=SEE, codename__startswith="view_"),
                *permissions.filter(content_type__app_label="auth", codename="view_group"),
                *permissions.filter(content_type__app_label="support", codename__in=acts),
            ]
        )
