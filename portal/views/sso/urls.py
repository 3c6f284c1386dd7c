"""Addresses of pages about single sign-on."""

from django.urls import path

from portal.views.sso import acts, email_domains, emergency, people, settings, trying_out, ways_in

urlpatterns = [
    path("single-sign-on/", ways_in.start, name="single_sign_on"),
    path("single-sign-on/own-way/", ways_in.own_way, name="own_way"),
    path("single-sign-on/closed/", ways_in.closed, name="closed"),
    path("single-sign-on/confirm/", ways_in.confirm_by_provider, name="confirm_by_provider"),
    path("single-sign-on/without/", emergency.without_provider, name="without_provider"),
    path("security/single-sign-on/", settings.sso_settings, name="sso_settings"),
    path("security/single-sign-on/renew/", settings.renew_metadata, name="renew_sso"),
    path("security/single-sign-on/test/", trying_out.try_out, name="test_sso"),
    path("security/single-sign-on/require/", acts.require_sso, name="require_sso"),
    path(
        "security/single-sign-on/stop-requiring/",
        acts.stop_requiring_sso,
        name="stop_requiring_sso",
    ),
    path("security/single-sign-on/newcomers/", acts.change_newcomers, name="sso_newcomers"),
    path("security/single-sign-on/turn-off/", acts.turn_off_sso, name="turn_off_sso"),
    path("security/single-sign-on/people/", people.people, name="sso_people"),
    path(
        "security/single-sign-on/people/<int:link_id>/unlink/",
        people.unlink_person,
        name="unlink_person",
    ),
    path("security/single-sign-on/domains/add/", email_domains.add_domain, name="add_domain"),
    path(
        "security/single-sign-on/domains/<int:domain_id>/check/",
        email_domains.check_domain,
        name="check_domain",
    ),
    path(
        "security/single-sign-on/domains/<int:domain_id>/remove/",
        email_domains.remove_domain,
        name="remove_domain",
    ),
]
