"""管理后台: divisions, buildings, units and people; calendars in a file of their own."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import clock
from common.admin import Choosing, HouseAdmin, LawAdmin, ListedLookups
from grids import locate, tokens
from grids.admin import absence, years
from grids.loading import UNITS_STAMP
from grids.login import factors
from grids.models import (
    AccessEvent,
    AccessEventKind,
    ApiToken,
    Building,
    Division,
    Identity,
    Person,
    Post,
    Token,
    Unit,
)
from grids.people import misfit
from grids.pinyin import sound
from grids.territory import code_complaint, derive, parent_complaint, shape_complaint

__all__ = ["TokenAdmin", "absence", "years"]

TOKEN_TIMES = ("made_at", "expires_at", "used_at", "revoked_at")
RIGHTS = ("is_staff", "is_superuser", "user_permissions")
DEEDS = {
    "add": _("新增"), "change": _("修改"),
    "delete": _("删除"), "view": _("查看"),
}  # fmt: skip


class SoundMixin:
    """拼音: kept in step with the name."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pinyin = sound(obj.name, obj._meta.get_field("pinyin").max_length)
        super().save_model(request, obj, form, change)  # type: ignore[misc]


class DivisionForm(forms.ModelForm):
    """区划: the same rules as load_district."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        level, parent, shape = (cleaned.get(name) for name in ("level", "parent", "shape"))
        if level is None:
            return cleaned
        complaints = {
            "code": code_complaint(cleaned.get("code", ""), level),
            "parent": parent_complaint(level, parent.level if parent else None),
            "shape": shape_complaint(shape) if shape else "",
        }
        for name, complaint in complaints.items():
            if complaint and name not in self.errors:
                self.add_error(name, complaint)
        return cleaned


@admin.register(Division)
class DivisionAdmin(SoundMixin, LawAdmin):
    form = DivisionForm
    law_stamps = (locate.STAMP,)
    list_display = ("code", "name", "level", "parent", "valid_from", "valid_to", "is_synthetic")
    list_filter = ("level", "is_synthetic", ("subdistrict", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("parent",)
    search_fields = ("code", "name", "pinyin")
    autocomplete_fields = ("parent", "successor")
    readonly_fields = ("pinyin", "subdistrict", "community")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            derive()


@admin.register(Building)
class BuildingAdmin(HouseAdmin):
    list_display = ("code", "name", "address", "division", "floors", "height_m", "use", "tall")
    list_filter = ("use", ("division__subdistrict", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("division",)
    search_fields = ("code", "name", "address", "division__name", "division__pinyin")
    autocomplete_fields = ("division",)

    @admin.display(description=_("高层"), boolean=True)
    def tall(self, building: Building) -> bool | None:
        return building.is_high_rise


class UnitForm(forms.ModelForm):
    """单位: the tree stays a tree."""

    def clean_parent(self) -> Unit | None:
        parent: Unit | None = self.cleaned_data["parent"]
        step = parent
        while step is not None:
            if self.instance.pk is not None and step.pk == self.instance.pk:
                raise forms.ValidationError(gettext("上级单位绕成了一圈，请改正。"))
            step = step.parent
        return parent


@admin.register(Unit)
class UnitAdmin(SoundMixin, LawAdmin):
    form = UnitForm
    law_stamps = (UNITS_STAMP,)
    list_display = ("code", "name", "kind", "parent", "duty_phone", "is_active")
    list_filter = ("kind", "is_active", ("parent", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("parent",)
    search_fields = ("code", "name", "pinyin", "duty_phone")
    autocomplete_fields = ("parent", "divisions")
    readonly_fields = ("pinyin",)


class PostForm(forms.ModelForm):
    """岗位: the place must suit the post."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        division = cleaned.get("division")
        if cleaned.get("kind") and not self.errors:
            complaint = misfit(
                cleaned["kind"],
                level=division.level if division else None,
                has_unit=cleaned.get("unit") is not None,
            )
            if complaint:
                raise forms.ValidationError(complaint)
        return cleaned


class PostInline(Choosing, admin.TabularInline):
    model = Post
    form = PostForm
    extra = 0
    autocomplete_fields = ("unit", "division")


class RightsField(forms.ModelMultipleChoiceField):
    """权限: Django keeps their names in English; told by table and deed."""

    def label_from_instance(self, obj: Any) -> str:
        model = obj.content_type.model_class()
        deed = DEEDS.get(obj.codename.partition("_")[0], obj.name)
        return f"{model._meta.verbose_name if model else obj.content_type.model} · {deed}"


class PersonAddForm(AdminUserCreationForm):
    """新建人员."""

    class Meta:
        model = Person
        fields = ("username", "name", "email")


@admin.register(Person)
class PersonAdmin(SoundMixin, UserAdmin):
    add_form = PersonAddForm
    inlines = (PostInline,)
    list_display = ("username", "name", "email", "is_active", "is_staff", "is_demo")
    list_filter = ("posts__kind", "is_active", "is_staff", "is_demo")
    search_fields = ("username", "name", "pinyin", "posts__unit__name", "posts__division__name")
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("pinyin", "last_login", "date_joined", "is_demo")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("人员"), {"fields": ("name", "pinyin", "email", "is_active", "is_demo")}),
        (
            _("后台权限"),
            {"fields": RIGHTS},
        ),
        (_("时间"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "username", "name", "email", "usable_password", "password1", "password2",
                ),
            },
        ),
    )  # fmt: skip

    def formfield_for_manytomany(
        self, db_field: "models.ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        if db_field.name == "user_permissions":
            kwargs |= {"form_class": RightsField, "queryset": rights()}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> list[str]:
        """Only a superuser hands out rights in here."""
        rights = () if request.user.is_superuser else RIGHTS
        return [*super().get_readonly_fields(request, obj), *rights]

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        """Nobody takes over a superuser's account by way of its password."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)


class TokenAdmin(ListedLookups):
    """令牌: to look at and to revoke; made by command, shown once."""

    owner: str

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("name", self.owner, "prefix", *TOKEN_TIMES)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("name", self.owner, "prefix", "scopes", *TOKEN_TIMES)

    actions = ("revoke_chosen",)

    @admin.action(description=_("吊销所选令牌"), permissions=["change"])
    def revoke_chosen(self, request: HttpRequest, chosen: models.QuerySet[Token]) -> None:
        self.message_user(request, tokens.revoke_each(chosen, at=clock.now()))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)


@admin.register(ApiToken)
class ApiTokenAdmin(TokenAdmin):
    owner = "person"
    search_fields = ("name", "person__username", "person__name")


@admin.register(Identity)
class IdentityAdmin(ListedLookups):
    """统一身份: an administrator says which subject is whom."""

    list_display = ("person", "subject", "issuer", "linked_at")
    list_select_related = ("person",)
    search_fields = ("person__username", "person__name", "subject")
    autocomplete_fields = ("person",)
    fields = ("person", "issuer", "subject")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"issuer": settings.HUBIN_OIDC_ISSUER}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        at = clock.now()
        with transaction.atomic():
            obj.linked_at = at
            obj.save()
            factors.note(obj.person, AccessEventKind.LINKED, by=request.user.get_username(), at=at)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody takes over an account by linking oneself to it."""
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AccessEvent)
class AccessEventAdmin(ListedLookups):
    """账号记录: to look at."""

    list_display = ("at", "person", "kind", "by")
    list_filter = ("kind",)
    list_select_related = ("person",)
    search_fields = ("person__username", "person__name", "by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def rights() -> models.QuerySet[Permission]:
    """权限: of our own tables; Django's and the lock-out's are nobody's to hand out."""
    ours = [app.label for app in apps.get_app_configs() if app.name in settings.HUBIN_APPS]
    found = Permission.objects.filter(content_type__app_label__in=ours)
    return found.select_related("content_type")


# a second factor is reset by command, which notes who did it; addresses are not used
for model in (Group, EmailAddress, Authenticator):
    admin.site.unregister(model)
