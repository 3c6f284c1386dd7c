"""All settings, from the environment as ``config/environment.py`` reads it.

Long tables that are alike everywhere stand beside, ``schedule``, ``api_documents`` and
``content_security``, and how we connect (``databases``).
"""

import os
from datetime import timedelta

from config import VERSION as VERSION
from config import api_documents, content_security, databases, environment, logs, schedule, servers
from config import storages as places
from config.environment import BASE_DIR as BASE_DIR
from config.environment import FILES

env = environment.read(os.environ)

TESTING = env["TESTING"]
DEMO = env["DEMO"]

# Secrets.
SECRET_KEY = env["SECRET_KEY"]
SECRET_KEY_FALLBACKS = env["SECRET_KEY_FALLBACKS"]
PRODUCT_KEY_ENCRYPTION_KEYS = env["PRODUCT_KEY_ENCRYPTION_KEYS"]
PRODUCT_KEY_DIGEST_KEY = env["PRODUCT_KEY_DIGEST_KEY"]
LEASE_SIGNING_KEYS = env["LEASE_SIGNING_KEYS"]

# Where the product lives.
DEBUG = env["DEBUG"]
BASE_URL = env["BASE_URL"]
ALLOWED_HOSTS = env["ALLOWED_HOSTS"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXY_COUNT = env["TRUSTED_PROXY_COUNT"]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
WEB_THREADS = env["WEB_THREADS"]

# Who runs it.
BRAND_NAME = env["BRAND_NAME"]
VENDOR_NAME = env["VENDOR_NAME"]
POLICY_VENDOR = env["POLICY_VENDOR"]
POLICY_PRODUCT = env["POLICY_PRODUCT"]
SUPPORT_EMAIL = env["SUPPORT_EMAIL"]
SALES_EMAIL = env["SALES_EMAIL"]
SECURITY_CONTACT = env["SECURITY_CONTACT"] or SUPPORT_EMAIL
SECURITY_POLICY_URL = env["SECURITY_POLICY_URL"] or ""

# Licensing.
REFRESH_AFTER_SECONDS = env["REFRESH_AFTER_SECONDS"]
LEASE_ISSUER = env["LEASE_ISSUER"] or BASE_URL
API_REQUESTS_PER_MINUTE = env["API_REQUESTS_PER_MINUTE"]
HISTORY_AFTER_DAYS = env["HISTORY_AFTER_DAYS"]
KEEP_HISTORY_DAYS = env["KEEP_HISTORY_DAYS"]
KEEP_MAILS_DAYS, KEEP_MESSAGES_DAYS = env["KEEP_MAILS_DAYS"], env["KEEP_MESSAGES_DAYS"]
KEEP_EVENTS_DAYS, KEEP_ALERTS_DAYS = env["KEEP_EVENTS_DAYS"], env["KEEP_ALERTS_DAYS"]
KEEP_EXPORTS_DAYS, KEEP_IMPORTS_DAYS = env["KEEP_EXPORTS_DAYS"], env["KEEP_IMPORTS_DAYS"]
KEEP_EMAIL_CHANGES_DAYS = env["KEEP_EMAIL_CHANGES_DAYS"]

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",  # config/urls.py reads what it shows
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "licensing",
    "portal",
    "support",
]

MIDDLEWARE = [
    "config.middleware.RequestIdMiddleware",
    "config.middleware.LengthMiddleware",
    "config.middleware.OriginMiddleware",
    "config.middleware.SecurityMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # What stands below serves pages; requests for the client API pass it by.
    "config.middleware.OwnActsMiddleware",
    "config.middleware.SessionMiddleware",
    "config.middleware.CommonMiddleware",
    "config.middleware.CsrfViewMiddleware",
    "config.middleware.AuthenticationMiddleware",
    "config.middleware.LanguageMiddleware",
    "config.middleware.NotAllowedMiddleware",
    "config.middleware.LoginRequiredMiddleware",
    "config.middleware.MessageMiddleware",
    "config.middleware.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.AccountMiddleware",
    "config.middleware.SignInMiddleware",
    "config.middleware.WayInMiddleware",
    "config.middleware.TwoStepMiddleware",
    "config.middleware.KeptFormMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [FILES / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.views.shell.shell",
            ],
            "builtins": [
                f"portal.templatetags.{name}"
                for name in ("ui", "lists", "live", "folds", "charts", "forms", "desktops")
            ],
        },
    }
]

# Database. Without a word for so long a connection counts as broken: statements have ended by then.
DATABASE_POOLED = env["DATABASE_POOLED"]
STATEMENT_SECONDS = env["STATEMENT_SECONDS"] or databases.statement_seconds(DATABASE_POOLED)
DATABASE_SESSION = databases.session(statement_seconds=STATEMENT_SECONDS)
DATABASES = databases.settings(
    env["DATABASE_URL"],
    env["REPORTS_DATABASE_URL"],
    session=DATABASE_SESSION,
    is_pooled=DATABASE_POOLED,
)
DATABASE_ROUTERS = ["licensing.standby.Router"]
STANDBY_LAG = timedelta(seconds=env["REPORTS_LAG_SECONDS"])
SILENT_SECONDS = STATEMENT_SECONDS + 2
MIGRATION_LIMITS = databases.MIGRATION_LIMITS
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis carries Celery and caches, never truth: a cache that is down is an empty cache.
REDIS_URL = env["REDIS_URL"]
CACHES = {
    "default": {
        "BACKEND": "config.cache.OpenCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "IGNORE_EXCEPTIONS": True,
            "CONNECTION_POOL_CLASS": "config.cache.PatientPool",
            "SOCKET_CONNECT_TIMEOUT": 0.25,
            "SOCKET_TIMEOUT": 0.25,
        },
    }
}
CELERY_BROKER_URL = servers.for_celery(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False  # what waits is in the database: the beat asks for it again
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False  # the log goes there by itself
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = schedule.BEAT
CELERY_BEAT_SCHEDULER = "config.beat:OneAtATime"

# People.
AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600  # as the mail says
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "portal.sign_in.reset_tokens.ResetTokenGenerator"  # noqa: S105
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
ACCOUNT_ADAPTER = "portal.sign_in.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "change_password": "portal.sign_in.password_forms.ChangePassword",
    "set_password": "portal.sign_in.password_forms.SetPassword",
    "reset_password_from_key": "portal.sign_in.password_forms.ResetPassword",
    "request_login_code": "portal.sign_in.code_forms.RequestCode",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation proves the address
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/30s/key",  # of a person and an address: portal.sign_in.adapters
    "request_login_code": "10/m/ip",  # and so many for a person: portal.sign_in.guesses
    "kept_form": "6/m/ip,30/h/ip",
    "provider": "60/m/ip,240/m/key",
    "saml_answer": "120/m/ip",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
SOCIALACCOUNT_ADAPTER = "portal.sso.openid.SocialAdapter"
SSO_ALLOWS_INTERNAL_PROVIDERS = env["SSO_ALLOWS_INTERNAL_PROVIDERS"]
DEMO_RECEIVER = env["DEMO_RECEIVER"]  # the one address of this machine that is asked, in the demo
MFA_ADAPTER = "portal.sign_in.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = BRAND_NAME
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # so a passkey is two steps in one
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = BASE_URL.startswith("http://")
STAFF_NEED_TWO_STEP = env["STAFF_NEED_TWO_STEP"]
if STAFF_NEED_TWO_STEP is None:
    STAFF_NEED_TWO_STEP = not (DEMO or TESTING)

# Mail.
SMTP = "django.core.mail.backends.smtp.EmailBackend"
MAILERS = {
    "default": {
        "BACKEND": env["MAIL_BACKEND"],
        "OPTIONS": ({"timeout": 10} if env["MAIL_BACKEND"] == SMTP else {}) | env["MAIL_OPTIONS"],
    }
}
ANYMAIL = env["ANYMAIL"]
if env["MAIL_BACKEND"].startswith("anymail."):
    INSTALLED_APPS.append("anymail")
DEFAULT_FROM_EMAIL = env["DEFAULT_FROM_EMAIL"] or SUPPORT_EMAIL

# Security: strict everywhere, the admin and the API documents included.
SECURE_CSP = content_security.POLICY
HTTPS = BASE_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by load balancers, in plain HTTP
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SIGN_IN_HOURS = env["SIGN_IN_HOURS"]
SIGN_IN_KEPT_DAYS = env["SIGN_IN_KEPT_DAYS"]

# Cookies: all names are here. Browsers take one with this prefix from this host alone, and only
# with HTTPS. (The one that keeps a SAML answer for a moment is tied to one address instead.)
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
THEME_COOKIE_NAME = f"{COOKIE_PREFIX}theme"
KEPT_FORM_COOKIE_NAME = f"{COOKIE_PREFIX}kept_form"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = THEME_COOKIE_SECURE = HTTPS
ACTED_COOKIE_NAME = f"{COOKIE_PREFIX}acted"
KEPT_FORM_COOKIE_SECURE = ACTED_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = SIGN_IN_KEPT_DAYS * 24 * 3600
CSRF_FAILURE_VIEW = "config.errors.csrf_failed"
X_FRAME_OPTIONS = "DENY"

# Words and time.
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]  # each by its own name
LOCALE_PATHS = [FILES / "locale"]
TIME_ZONE = "Europe/London"
FORMAT_MODULE_PATH = ["config.formats"]

# Files.
STATIC_URL = "static/"
STATIC_ROOT = env["STATIC_ROOT"]
STATICFILES_DIRS = [FILES / "static"]
PRIVATE_FILES = env["PRIVATE_FILES"]
STORAGES = places.settings(PRIVATE_FILES, testing=TESTING)
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = places.NOT_COMPRESSED

REST_FRAMEWORK = api_documents.REST_FRAMEWORK
SPECTACULAR_SETTINGS = api_documents.SPECTACULAR

# What monitoring is told, nothing unless asked for: config/metrics.py is read only then.
METRICS_ADDRESS, METRICS_TOKEN = env["METRICS_ADDRESS"], env["METRICS_TOKEN"]
METRICS = bool(METRICS_ADDRESS or METRICS_TOKEN)
METRICS_FOLDER = env["METRICS_FOLDER"]
BACKUP_MARK = env["BACKUP_MARK"]
LOGGING = logs.settings(env["LOG_LEVEL"], env["LOG_FORMAT"])
TRACES_ADDRESS = env["TRACES_ADDRESS"]
WATCHING = ["config.answered.AnsweredMiddleware"] if env["LOG_REQUESTS"] else []
WATCHING += ["config.traces.TracesMiddleware"] if TRACES_ADDRESS else []
MIDDLEWARE[1:1] = WATCHING  # what is not asked for is not even read
