from django.core.validators import MaxValueValidator
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("tickets", "0024_legal_grace")]

    operations = [
        migrations.AddField(
            model_name="category",
            name="similar_hours",
            field=models.PositiveSmallIntegerField(
                db_default=24, default=24,
                help_text="前后多少小时以内上报的提示为相似，最多 720；0 为从不提示。",
                validators=[MaxValueValidator(720)], verbose_name="相似时间（小时）",
            ),
        ),
        migrations.AddField(
            model_name="category",
            name="similar_metres",
            field=models.PositiveSmallIntegerField(
                db_default=50, default=50,
                help_text="在多少米以内的同类在办工单提示为相似，最多 2000；0 为从不提示。",
                validators=[MaxValueValidator(2000)], verbose_name="相似半径（米）",
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(
                condition=Q(similar_metres__lte=2000, similar_hours__lte=720),
                name="category_similar",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=Q(ended_at=None, lat__isnull=False, is_sensitive=False),
                fields=["category", "lat"], name="open_place",
            ),
        ),
    ]
