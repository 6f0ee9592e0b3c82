from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grids", "0009_standins")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="single_keys",
            field=models.BooleanField(
                db_default=True, default=True,
                help_text="页面上按一个键就能操作；关掉后只留带 Ctrl 的组合键。",
                verbose_name="单键操作",
            ),
        ),
    ]
