"""People and the posts they hold."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import copy
from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common import clock
from common.known import KnownForeignKey

from .places import Division
from .units import Unit


class PostKind(models.TextChoices):
    """岗位类别."""

    GRID_WORKER = "GRID_WORKER", _("网格员")
    COMMUNITY_LEAD = "COMMUNITY_LEAD", _("社区负责人")
    DESK = "DESK", _("受理员")
    SHIFT_LEADER = "SHIFT_LEADER", _("值班长")
    UNIT_CLERK = "UNIT_CLERK", _("单位收发员")
    HANDLER = "HANDLER", _("处置人员")
    UNIT_HEAD = "UNIT_HEAD", _("单位负责人")
    INSPECTOR = "INSPECTOR", _("督查员")
    LEADER = "LEADER", _("领导")
    ADMIN = "ADMIN", _("系统管理员")
    AUDITOR = "AUDITOR", _("审计员")
    OFFICER = "OFFICER", _("登记专管员")
    STATION = "STATION", _("供应站")
    COURIER = "COURIER", _("送气工")
    HOST = "HOST", _("房东")
    STAIR_LEADER = "STAIR_LEADER", _("楼道长")
    VOLUNTEER = "VOLUNTEER", _("志愿者")


OWN_ONLY = frozenset(
    {PostKind.ADMIN, PostKind.AUDITOR, PostKind.OFFICER, PostKind.STATION, PostKind.COURIER,
     PostKind.HOST, PostKind.STAIR_LEADER, PostKind.VOLUNTEER}
)  # fmt: skip
"""Posts that no stand-in exercises: of the system, and of people outside the offices."""


class PersonQuerySet(models.QuerySet["Person"]):
    def holding(
        self,
        kind: str,
        *,
        day: date,
        unit: Unit | int | None = None,
        division: Division | int | None = None,
    ) -> "PersonQuerySet":
        """在岗人员: active people holding that post on that local date at that unit or division."""
        posts = Post.objects.in_force(day).filter(kind=kind)
        if unit is not None:
            posts = posts.filter(unit=unit)
        if division is not None:
            posts = posts.filter(division=division)
        return self.filter(pk__in=posts.values("person"))


class PersonManager(UserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """人员: create_user and the reads of PersonQuerySet."""

    use_in_migrations = False


class Person(AbstractBaseUser, PermissionsMixin):
    """人员: a named account. What a person may do comes from posts, never from is_superuser."""

    username = models.CharField(
        _("登录名"), max_length=60, unique=True, help_text=_("字母、数字和下划线。")
    )
    name = models.CharField(_("姓名"), max_length=40, help_text=_("显示在流转记录旁。"))
    pinyin = models.CharField(
        _("拼音"), max_length=120, blank=True, help_text=_("按读音排序和查找用。")
    )
    email = models.EmailField(_("邮箱"), blank=True, help_text=_("重置密码和提醒用。"))
    is_staff = models.BooleanField(
        _("可进后台"), default=False, help_text=_("可以进入管理后台维护规则表。")
    )
    is_active = models.BooleanField(
        _("在用"), default=True, help_text=_("停用后不能登录，也不再是任何工单的责任人。")
    )
    is_demo = models.BooleanField(
        _("演示人员"), default=False, help_text=_("演示区的虚构人员；生产环境拒绝启动。")
    )
    date_joined = models.DateTimeField(
        _("加入时间"), default=clock.now, help_text=_("账号建立的时间。")
    )
    logins_ended = models.PositiveIntegerField(
        _("结束登录次数"), default=0, db_default=0,
        help_text=_("结束此人全部登录的次数；此前的登录随之失效。"),
    )  # fmt: skip
    single_keys = models.BooleanField(
        _("单键操作"), default=True, db_default=True,
        help_text=_("页面上按一个键就能操作；关掉后只留带 Ctrl 的组合键。"),
    )  # fmt: skip

    language = models.CharField(
        _("语言"), max_length=10, blank=True, db_default="", choices=settings.LANGUAGES,
        help_text=_("登录后页面用的语言；空为按浏览器。"),
    )  # fmt: skip

    objects: ClassVar[PersonManager] = PersonManager()
    _posts_of_day: tuple[date, tuple["Post", ...]] | None = None
    _absent_of_day: tuple[date, frozenset[int]] | None = None
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = pgettext_lazy("plural", "人员")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def actor_ref(self) -> str:
        """Opaque reference for the record (common.actors.Actor)."""
        return f"person:{self.pk}"

    def get_session_auth_hash(self) -> str:
        return self._of_this_count(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._of_this_count, super().get_session_auth_fallback_hash())

    def _of_this_count(self, proof: str) -> str:
        return f"{proof}.{self.logins_ended}" if self.logins_ended else proof

    def get_short_name(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def posts_at(self, at: datetime) -> tuple["Post", ...]:
        """在岗: posts in force on the local day of that moment, read once per loaded person.

        Those of the absent for whom this person stands in come last, marked with for whom.
        """
        if not self.is_active:
            return ()
        day = clock.local(at).date()
        if self._posts_of_day is None or self._posts_of_day[0] != day:
            read_posts([self], day)
        assert self._posts_of_day is not None
        return self._posts_of_day[1]

    def represents(self, day: date) -> frozenset[int]:
        """代谁的班: ids of the absent for whom this person acts on that local date."""
        if self._absent_of_day is None or self._absent_of_day[0] != day:
            from .absence import represented

            found = represented(self.pk, day) if self.is_active else frozenset()
            self._absent_of_day = day, found
        return self._absent_of_day[1]

    def selves(self, at: datetime) -> frozenset[int]:
        """本人和所代的人."""
        return self.represents(clock.local(at).date()) | {self.pk}


def read_posts(people: Iterable[Person], day: date) -> None:
    """读岗位: of active people, for `posts_at` of that day, in one statement."""
    absent = {person.pk: person.represents(day) for person in people}
    held: dict[int, list[Post]] = defaultdict(list)
    rows = Post.objects.held(day).filter(person__in=set().union(absent, *absent.values()))
    if any(absent.values()):
        rows = rows.select_related("person")
    for post in rows:
        held[post.person_id].append(post)
    for person in people:
        theirs = (post for pk in sorted(absent[person.pk]) for post in held[pk])
        posts = (*held[person.pk], *(post.by_stand_in() for post in theirs if post.passes_on))
        person._posts_of_day = day, posts


class PostQuerySet(models.QuerySet["Post"]):
    def in_force(self, day: date) -> "PostQuerySet":
        """有人行使的岗位: held then, by somebody who is there or for whom somebody acts."""
        from .absence import StandIn

        gone = StandIn.objects.on(day).filter(stand_in__is_active=False)
        return self.held(day).filter(~Exists(gone.filter(person=OuterRef("person"))))

    def held(self, day: date) -> "PostQuerySet":
        """有效岗位: active post of an active person on that local date, there or not."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_to=None) | Q(valid_to__gt=day),
            is_active=True,
            person__is_active=True,
        )


class Post(models.Model):
    """岗位: what a person is, for one unit or one division. A person may hold several."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="posts", verbose_name=_("人员"),
        help_text=_("一人可以有几个岗位。"),
    )  # fmt: skip
    kind = models.CharField(
        _("岗位"), max_length=16, choices=PostKind, help_text=_("决定能看什么、能做什么。")
    )
    unit = KnownForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="posts",
        verbose_name=_("单位"), help_text=_("单位岗位填单位。"),
    )  # fmt: skip
    division = KnownForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="posts",
        verbose_name=_("区划"), help_text=_("网格、社区、街道或区的岗位填区划。"),
    )  # fmt: skip
    is_active = models.BooleanField(_("在岗"), default=True, help_text=_("离岗后取消勾选。"))
    valid_from = models.DateField(
        _("到岗日"), null=True, blank=True, help_text=_("含当日；空为一直。")
    )
    valid_to = models.DateField(
        _("离岗日"), null=True, blank=True, help_text=_("不含当日；空为未定。")
    )

    objects = PostQuerySet.as_manager()
    for_person_id: int | None = None
    """代谁: of a post that a stand-in exercises, whose it is."""

    class Meta:
        verbose_name = _("岗位")
        verbose_name_plural = pgettext_lazy("plural", "岗位")
        ordering = ["person_id", "kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit=None) ^ Q(division=None), name="post_unit_or_division"
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "unit", "division"],
                name="post_once", nulls_distinct=False,
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["kind", "division"]),
            models.Index(fields=["kind", "unit"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.unit or self.division}"

    @property
    def passes_on(self) -> bool:
        """可代: looking after the system and auditing it stay with the person."""
        return self.kind not in OWN_ONLY

    def by_stand_in(self) -> "Post":
        """代行: the same post, marked as somebody else's."""
        post = copy(self)
        post.for_person_id = self.person_id
        return post
