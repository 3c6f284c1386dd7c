"""Addresses of pages about licences."""

from django.urls import path

from portal.views.licences import (
    access_rules,
    bulk_devices,
    deployment,
    devices,
    key_acts,
    keys,
    licences,
    notes,
    policies,
    position,
    tags,
)

urlpatterns = [
    path("licence-position/", position.position, name="licence_position"),
    path("licences/", licences.licences, name="licences"),
    path("licences/tag/", tags.tag_many, name="tag_licences"),
    path("licences/free-devices/", bulk_devices.free_devices, name="free_devices"),
    path("licences/tags/undo/<int:first>/<int:last>/", tags.undo_tags, name="undo_tags"),
    path("licences/<int:licence_id>/", licences.licence, name="licence"),
    path("licences/<int:licence_id>/notes/", notes.edit_notes, name="licence_notes"),
    path("licences/<int:licence_id>/tags/", tags.edit_tags, name="licence_tags"),
    path(
        "licences/<int:licence_id>/offline-policy/", policies.change_policy, name="offline_policy"
    ),
    path("licences/<int:licence_id>/rename/", licences.rename_licence, name="rename_licence"),
    path("licences/<int:licence_id>/deployment/", deployment.deployment, name="deployment"),
    path(
        "licences/<int:licence_id>/deployment/download/",
        deployment.download_deployment,
        name="download_deployment",
    ),
    path("licences/<int:licence_id>/keys/add/", key_acts.add_key, name="add_key"),
    path("licences/<int:licence_id>/keys/<int:key_id>/", keys.key, name="key"),
    path("licences/<int:licence_id>/keys/<int:key_id>/reveal/", keys.reveal_key, name="reveal_key"),
    path(
        "licences/<int:licence_id>/keys/<int:key_id>/reissue/", keys.reissue_key, name="reissue_key"
    ),
    path(
        "licences/<int:licence_id>/keys/<int:key_id>/label/", key_acts.label_key, name="label_key"
    ),
    path(
        "licences/<int:licence_id>/keys/<int:key_id>/revoke/",
        key_acts.revoke_key,
        name="revoke_key",
    ),
    path(
        "licences/<int:licence_id>/keys/<int:key_id>/end-overlap/",
        key_acts.end_overlap,
        name="end_overlap",
    ),
    path(
        "licences/<int:licence_id>/devices/<int:device_id>/free/",
        devices.free_device,
        name="free_device",
    ),
    path("licences/<int:licence_id>/rules/add/", access_rules.add_rule, name="add_rule"),
    path("licences/<int:licence_id>/rules/allow/", access_rules.allow_only, name="allow_only"),
    path(
        "licences/<int:licence_id>/rules/<int:rule_id>/lift/",
        access_rules.lift_rule,
        name="lift_rule",
    ),
]
