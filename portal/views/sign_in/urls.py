"""Addresses of pages about signing in."""

from django.urls import path

from portal.views.sign_in import api_tokens, kept_form, security

urlpatterns = [
    path("kept-form/", kept_form.kept_form, name="kept_form"),
    path("api-tokens/", api_tokens.tokens, name="api_tokens"),
    path("api-tokens/add/", api_tokens.add_token, name="add_api_token"),
    path("api-tokens/<int:token_id>/revoke/", api_tokens.revoke_token, name="revoke_api_token"),
    path("security/", security.security, name="security"),
    path("security/two-step/require/", security.require_two_step, name="require_two_step"),
    path(
        "security/two-step/stop-requiring/",
        security.stop_requiring_two_step,
        name="stop_requiring_two_step",
    ),
    path("security/sign-out-after/", security.sign_out_after, name="sign_out_after"),
]
