"""The ways by which a person, a group or another system is told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """渠道: by which way somebody is told."""

    INBOX = "INBOX", _("消息")
    EMAIL = "EMAIL", _("邮件")
    SMS = "SMS", _("短信")
    ZHEDING = "ZHEDING", _("浙政钉")
    DINGTALK = "DINGTALK", _("钉钉群机器人")
    WECOM = "WECOM", _("企业微信群机器人")
    FEISHU = "FEISHU", _("飞书群机器人")
    WEBHOOK = "WEBHOOK", _("对接系统")


PERSONAL = (Channel.EMAIL, Channel.SMS, Channel.ZHEDING)
"""To one person, beside the inbox, which is always on."""
ROBOTS = (Channel.DINGTALK, Channel.WECOM, Channel.FEISHU)
"""To a group: nothing that is personal."""
ENDPOINTS = (*ROBOTS, Channel.WEBHOOK)
DIGESTS = frozenset({Channel.EMAIL, Channel.ZHEDING, *ROBOTS})
"""Over the limit several become one; templates of text messages and programs know no digest."""
