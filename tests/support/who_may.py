"""Who of the vendor's staff may do what: written down from what the desk is for, not from the code.

Support answers callers: it frees, blocks, reissues and reactivates. Sales sell: accounts, seats,
terms, features, and what is sold. A supervisor approves what a second one has to approve, does what
ends an account or takes all of it along, and keeps what is the vendor's own. An auditor reads. What
stands with nobody is a superuser's.
"""

from __future__ import annotations

GROUPS = ("Support", "Sales", "Supervisor", "Auditor")
TABLE = """
                                 support  sales  supervisor  auditor

sessions, keys, devices, rules
clientsession_release               x
licence_block                       x
accessrule_lift                     x
licence_add_key                     x
productkey_reissue                  x
productkey_end_overlap              x
productkey_revoke                   x
productkey_end_sessions             x
productkey_hand_over                x       x
device_free                         x
device_write_off                    x
licence_policy                      x
licence_reactivate                  x

what is ordered
licence_seats                               x
licence_emergency                           x        x
plannedseats_cancel                         x        x
plannedseats_end                            x        x
licence_feature                             x
licence_remove_feature                      x
licence_term                                x
licence_suspend                     x       x
licence_reinstate                   x       x
licence_close                       x       x
account_open                                x
account_sell                                x
account_take_over_lease                     x
account_import_alm                          x
account_date_alm_end                        x
account_take_alm_end_back                   x
account_import_keygen                       x
account_import_options              x       x

an account as a whole
account_close                                        x
account_cancel_closing              x       x        x
account_merge                       x                x
account_merge_approve                                x
account_export                                       x
account_read_in                                      x
account_view_as                     x

people
account_invite                      x       x
invitation_send_again               x       x
invitation_withdraw                 x       x
account_leaver                      x
membership_leaver                   x
membership_remove                   x
membership_reset_two_step           x
membership_reset_two_step_approve   x                x
membership_change_email             x
membership_replace_email
account_export_person               x                x
account_erase_person                x                x
account_erase_person_approve        x                x

what customers ask, and their systems
customerrequest_take                x       x
customerrequest_answer              x       x
customerrequest_grant                       x
webhook_send_again                  x
webhook_send_test                   x
webhookdelivery_send_again          x

the catalogue
product_add                                 x        x
product_add_feature                         x        x
product_minimum_version                     x        x
product_rename                              x        x
product_withdraw                            x        x
product_offer                               x        x
feature_rename                              x        x
feature_withdraw                            x        x
feature_offer                               x        x
licencetemplate_add                         x        x
licencetemplate_change                      x        x
licencetemplate_withdraw                    x        x
licencetemplate_offer                       x        x

the vendor's own
activity_see                                         x           x
activity_sign                                        x
renewals_see                                x        x           x
stafftoken_make                             x        x
stafftoken_oversee                                   x
webhook_keep                                         x
user_rights
user_lock_out
user_let_in
"""
COLUMNS = {36: "Support", 44: "Sales", 53: "Supervisor", 65: "Auditor"}
BESIDES = {
    "account_view_as", "account_export_person", "activity_see", "activity_sign", "renewals_see",
    "stafftoken_make", "stafftoken_oversee", "webhook_keep",
}  # fmt: skip
"""What is no act upon a record."""


def read(line: str) -> tuple[str, set[str]]:
    """A line of the table: the right, and who has it."""
    marks = {at for at, sign in enumerate(line) if sign == "x" and at >= min(COLUMNS)}
    return line.split()[0], {COLUMNS[at] for at in marks}


ALL = dict(read(line) for line in TABLE.splitlines() if "_" in line)
"""Every right, and who has it."""
ACTS = {
    right: groups
    for right, groups in ALL.items()
    if right not in BESIDES and not right.endswith("_approve")
}
"""The acts of the console, the admin and the vendor's API."""
