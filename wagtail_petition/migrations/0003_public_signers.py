from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wagtail_petition', '0002_spent_proof'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='signature',
            index=models.Index(condition=models.Q(('show_name', True), ('status', 'confirmed')), fields=['petition', '-number'], name='petition_sig_public'),
        ),
    ]
