"""What Celery's beat asks for, and when."""

from celery.schedules import crontab

BEAT = {
    "reclaim-stale-sessions": {
        "task": "licensing.tasks.reclaim_stale_sessions",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "end-expired-licences": {
        "task": "licensing.tasks.end_sessions_of_ended_licences",
        "schedule": crontab(minute="*/15"),
    },
    "change-planned-seats": {
        "task": "licensing.tasks.change_planned_seats",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "carry-on-imports": {
        "task": "licensing.tasks.carry_on_imports",
        "schedule": 10,
        "options": {"expires": 9},
    },
    "follow-merged-licences": {
        "task": "licensing.tasks.follow_merged_licences",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 500},
    },
    "move-history": {
        "task": "licensing.tasks.move_history",
        "schedule": crontab(hour=3, minute=25),
    },
    "prune-history": {
        "task": "licensing.tasks.prune_history",
        "schedule": crontab(hour=3, minute=10),
    },
    "roll-up-use": {
        "task": "licensing.tasks.roll_up_use",
        "schedule": crontab(minute=35),
        "options": {"expires": 3000},
    },
    "change-emails": {
        "task": "portal.tasks.change_emails",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 300},
    },
    "close-accounts": {
        "task": "portal.tasks.close_accounts",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "deliver": {
        "task": "portal.tasks.deliver",
        "schedule": 10,
        "options": {"expires": 9},
    },
    "tell": {
        "task": "portal.tasks.tell",
        "schedule": 10,
        "options": {"expires": 9},
    },
    "watch": {
        "task": "portal.tasks.watch",
        "schedule": 20,
        "options": {"expires": 19},
    },
    "deliver-webhooks": {
        "task": "portal.tasks.deliver_webhooks",
        "schedule": 10,
        "options": {"expires": 9},
    },
    "make-exports": {
        "task": "portal.tasks.make_exports",
        "schedule": 30,
        "options": {"expires": 25},
    },
    "end-visits": {
        "task": "portal.tasks.end_visits",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "send-reports": {
        "task": "portal.tasks.send_reports",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "note-background-work": {
        "task": "portal.tasks.note_background_work",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "tidy-up-portal": {
        "task": "portal.tasks.tidy_up",
        "schedule": crontab(hour=3, minute=40),
    },
    "tidy-up-support": {
        "task": "support.tasks.tidy_up",
        "schedule": crontab(hour=3, minute=45),
    },
    "forget-ended-sign-ins": {
        "task": "portal.tasks.forget_ended_sign_ins",
        "schedule": crontab(minute=50),
    },
    "renew-saml-metadata": {
        "task": "portal.tasks.renew_saml_metadata",
        "schedule": crontab(minute=25),
        "options": {"expires": 3000},
    },
    "tell-of-ending-api-tokens": {
        "task": "portal.tasks.tell_of_ending_api_tokens",
        "schedule": crontab(hour=7, minute=20),
    },
}
