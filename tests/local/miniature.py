"""A small Django project with the commands that hubinctl calls: the launcher's machinery, alone.

The servers, gunicorn and Celery are the real ones; only the product is missing, so that the
launcher is tried in seconds.
"""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("hubinctl", "requirements.txt", "requirements-embedded.txt", "requirements-dev.txt")

FILES = {
    "manage.py": """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hubin.settings.demo")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
""",
    "hubin/settings/__init__.py": "",
    "hubin/settings/demo.py": """
import environ
env = environ.Env()
SECRET_KEY = env("HUBIN_SECRET_KEY")
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.staticfiles", "district"]
DATABASES = {"default": env.db("DATABASE_URL")}
ROOT_URLCONF = "hubin.urls"
STATIC_URL = "/static/"
STATIC_ROOT = env("HUBIN_STATIC_ROOT")
STATICFILES_DIRS = [(environ.Path(__file__) - 3)("static")]
STORAGES = {"staticfiles": {
    "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}}
""",
    "hubin/urls.py": """
from django.db import connection
from django.http import HttpResponse
from django.urls import path
def readyz(request):
    connection.ensure_connection()
    return HttpResponse("ok")
urlpatterns = [path("readyz", readyz)]
""",
    "hubin/wsgi.py": """
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
""",
    "hubin/celery.py": """
import os
from celery import Celery
app = Celery("hubin", broker=os.environ["REDIS_URL"])
""",
    "static/page.css": "body {}",
    "district/__init__.py": "",
    "district/migrations/__init__.py": "",
    "district/migrations/0001_initial.py": """
from django.db import migrations
class Migration(migrations.Migration):
    operations = [migrations.RunSQL(
        "CREATE TABLE place (name text); GRANT SELECT, INSERT ON place TO hubin_app")]
""",
    "district/management/__init__.py": "",
    "district/management/commands/__init__.py": "",
    "district/management/commands/load_demo.py": """
from django.core.management.base import BaseCommand
from django.db import connection
class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true")
    def handle(self, **options):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO place SELECT '湖滨' WHERE NOT EXISTS (SELECT FROM place)")
""",
    "district/management/commands/demo_accounts.py": """
import json
from django.core.management.base import BaseCommand
class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--tokens", action="store_true")
    def handle(self, **options):
        one = {"post": "受理员", "name": "李敏", "username": "desk", "password": "invented"}
        self.stdout.write(json.dumps([one], ensure_ascii=False))
""",
    "district/management/commands/sweep.py": """
import signal
from django.core.management.base import BaseCommand
class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--loop", action="store_true")
        parser.add_argument("--only", choices=["quick", "slow"], required=True)
    def handle(self, **options):
        while True:
            signal.pause()
""",
}


def build(place: Path) -> Path:
    """The project, with the launcher of this one and its .venv."""
    for name, content in FILES.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.lstrip(), encoding="utf-8")
    (place / "hubin" / "__init__.py").touch()
    shutil.copytree(ROOT / "hubin" / "local", place / "hubin" / "local")
    for name in COPIED:
        shutil.copy2(ROOT / name, place / name)
    (place / ".venv").symlink_to(ROOT / ".venv")
    return place
