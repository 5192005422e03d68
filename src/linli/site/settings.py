"""Django settings, all of them from the environment (see docs/handbook for each variable)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from . import databases, env
from .content_policy import content_policy

BASE_DIR = env.ROOT
HOME = env.home()
DEMO = env.flag("LINLI_DEMO")
TESTING = env.flag("LINLI_TESTING")
DEBUG = env.flag("LINLI_DEBUG")

SECRET_KEY = env.text(
    "LINLI_SECRET_KEY", "linli-development-only-not-for-a-real-district-0000000000"
)
ALLOWED_HOSTS = env.names("LINLI_HOSTS", ("*",) if DEMO or TESTING or DEBUG else ("localhost",))
CSRF_TRUSTED_ORIGINS = env.names("LINLI_ORIGINS")

# Keys for encryption at rest and for the blind index; `linli check --deploy` refuses the defaults.
DATA_KEYS = env.names("LINLI_DATA_KEYS", ("demo:000102030405060708090a0b0c0d0e0f",))
DATA_KEY_FILE = env.text("LINLI_DATA_KEY_FILE")
BLIND_INDEX_KEY = env.text("LINLI_BLIND_INDEX_KEY", "demo-blind-index-key")
BLIND_INDEX_KEY_FILE = env.text("LINLI_BLIND_INDEX_KEY_FILE")
DATA_CIPHER = env.text("LINLI_DATA_CIPHER", "AES-GCM")

# The second factor of staff may be switched off in a demonstration only; pages say so loudly.
STAFF_SECOND_FACTOR = not (DEMO and env.flag("LINLI_DEMO_NO_SECOND_FACTOR", default=True))
SHOW_CODES = DEMO  # one-time codes are shown on the page where no SMS gateway is connected

KERNEL_APPS = ["secrets", "ledger", "worktime", "listing", "ui"]
BASE_APPS = ["areas", "accounts", "people", "messages", "sheets", "indicators"]
WORK_APPS = ["cases", "emergencies", "patrols"]
LIFE_APPS = ["knowledge", "publishing"]
DOOR_APPS = ["website", "field", "kiosk", "api"]
INSIGHT_APPS = ["cockpit", "hotspots"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "csp",
    "ninja",
    "django_htmx",
    "pgtrigger",
    "procrastinate.contrib.django",
    *[f"linli.kernel.{name}" for name in KERNEL_APPS],
    *[f"linli.base.{name}" for name in BASE_APPS],
    *[f"linli.work.{name}" for name in WORK_APPS],
    *[f"linli.life.{name}" for name in LIFE_APPS],
    *[f"linli.doors.{name}" for name in DOOR_APPS],
    *[f"linli.insight.{name}" for name in INSIGHT_APPS],
    "linli.site",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linli.base.accounts.middleware.IdleMiddleware",
    "linli.base.accounts.middleware.ActorMiddleware",
]

ROOT_URLCONF = "linli.site.urls"
WSGI_APPLICATION = "linli.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linli.kernel.ui.context.face",
            ],
            "builtins": ["linli.kernel.ui.templatetags.ui"],
        },
    }
]

DATABASES = {"default": databases.parse(env.text("DATABASE_URL", databases.PLACEHOLDER))}
DATABASES["default"]["CONN_MAX_AGE"] = 0
if env.flag("LINLI_DB_POOL"):  # set for the web workers by `linli up`
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": env.number("LINLI_DB_POOL_SIZE", 16),
        "timeout": 6,  # a request that finds no connection says so and frees its thread
        "reconnect_timeout": 10,  # then the next request tries anew, without a growing pause
    }
    # A connection that died with the database is replaced before a request meets it.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
SEARCH_CACHE = str(env.home() / "search")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "linli.base.accounts.passwords.ThreeClassesOrPhrase"},
]
# allauth: residents by phone and one-time code, staff by work number, password and second factor.
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
MFA_ADAPTER = "linli.base.accounts.mfa.SealedMFAAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"

SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = env.flag("LINLI_HTTPS", default=False)
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if SESSION_COOKIE_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"  # addresses of cases stay with us
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "linli.kernel.ui.pages.csrf_failure"
STAFF_IDLE_MINUTES = 30

REDIS_URL = env.text("REDIS_URL")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
        }
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "src" / "linli" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    (f"vendor/{target}", str(NODE_MODULES / source))
    for target, source in (
        ("tabler", "@tabler/core/dist"),
        ("echarts", "echarts/dist"),
        ("leaflet", "leaflet/dist"),
        ("idb", "idb/build"),
        ("quill", "quill/dist"),
    )
    if (NODE_MODULES / source).is_dir()
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedStaticFilesStorage"
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
UPLOAD_MAX_BYTES = 10 * 1024 * 1024
UPLOAD_MAX_FILES = 9

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FILTERS_EMPTY_CHOICE_LABEL = _("不限")
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

MAP_TILES_URL = env.text("LINLI_MAP_TILES_URL")  # blank: only our own boundaries are drawn
MAP_TILES_CREDIT = env.text("LINLI_MAP_TILES_CREDIT")
CONTENT_SECURITY_POLICY = content_policy(MAP_TILES_URL)

PROCRASTINATE_ON_APP_READY = None
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Messages: local hours in which no text rings a phone, texts per phone and day (codes exempt).
MESSAGES_BACKEND = env.text(
    "LINLI_MESSAGES_BACKEND", "linli.base.messages.backends.console.Console"
)
MESSAGES_QUIET_HOURS = (env.text("LINLI_QUIET_FROM", "21:30"), env.text("LINLI_QUIET_TO", "07:30"))
MESSAGES_DAILY_LIMIT = env.number("LINLI_SMS_PER_DAY", 20)
# How long typing one cell of a sheet takes, for the cost that is shown at its admission.
SHEET_SECONDS_PER_CELL = env.number("LINLI_SHEET_SECONDS_PER_CELL", 45)
# Share of closed cases whose reporters are called back, in percent; 100 calls everybody.
CALL_BACK_PERCENT = env.number("LINLI_CALL_BACK_PERCENT", 20)
# Working days to decide on a request for erasure; the law's own bound is 30 days.
ERASURE_DAYS = env.number("LINLI_ERASURE_DAYS", 15)
# Minutes from learning of an emergency to the first report by phone and in writing.
MEDIATION_DAYS = env.number("LINLI_MEDIATION_DAYS", 30)
EMERGENCY_PHONE_MINUTES = env.number("LINLI_EMERGENCY_PHONE_MINUTES", 30)
EMERGENCY_WRITTEN_MINUTES = env.number("LINLI_EMERGENCY_WRITTEN_MINUTES", 60)
# On at most so many days in a hundred may hot spots be reported where nothing has changed.
HOT_SPOT_FALSE_PERCENT = env.number("LINLI_HOT_SPOT_FALSE_PERCENT", 5)
# Days for which the link to rate in a text message is good.
RATE_LINK_DAYS = env.number("LINLI_RATE_LINK_DAYS", 15)
API_OPEN_PER_MINUTE = env.number("LINLI_API_OPEN_PER_MINUTE", 60)  # requests without a key
SITE_NAME = _("邻里")
PUBLIC_URL = env.text("LINLI_PUBLIC_URL", "http://127.0.0.1:8000")

# Each client of a test begins a server of its own; looking up what it asks for beats listing all.
WHITENOISE_AUTOREFRESH = TESTING or DEBUG
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LINLI_LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
