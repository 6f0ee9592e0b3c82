import encrypted_fields.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0003_windows_and_verification"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reporter",
            name="name",
            field=encrypted_fields.fields.EncryptedCharField(
                blank=True,
                help_text="加密保存，显示时掩码。",
                max_length=200,
                null=True,
                verbose_name="姓名",
            ),
        ),
        migrations.AlterField(
            model_name="reporter",
            name="phone",
            field=encrypted_fields.fields.EncryptedCharField(
                blank=True,
                help_text="加密保存，显示时掩码。",
                max_length=200,
                null=True,
                verbose_name="电话",
            ),
        ),
    ]
