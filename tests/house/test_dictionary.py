"""The model is the data dictionary (DESIGN §2 law 10), refusals are sentences (law 8)."""

import re

import pytest
from django.apps import apps
from django.db.models import Model

from common import errors

CHINESE = re.compile(r"[\u4e00-\u9fff]")
OURS = [model for room in ("common", "grids", "notices", "tickets")
        for model in apps.get_app_config(room).get_models()]  # fmt: skip
GIVEN = {"id", "password", "last_login", "is_superuser", "groups", "user_permissions"}
KINDS = [kind for kind in vars(errors).values()
         if isinstance(kind, type) and issubclass(kind, errors.Refused)]  # fmt: skip


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_a_model_begins_with_its_chinese_term(model: type[Model]) -> None:
    assert CHINESE.match(model.__doc__ or "")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_field_states_its_rule(model: type[Model]) -> None:
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    assert not [f.name for f in fields if f.name not in GIVEN and not f.help_text]


def test_every_kind_of_refusal_has_its_own_code() -> None:
    assert len({kind.code for kind in KINDS}) == len(KINDS)


def test_every_refusal_answers_with_a_client_error() -> None:
    """But for what is neither the asker's mistake nor ours: a store that does not answer."""
    others = {kind.__name__: int(kind.status) for kind in KINDS if not 400 <= kind.status < 500}
    assert others == {"Unavailable": 503}
