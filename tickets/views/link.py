"""查询链接: shown once, to whoever may follow the ticket from now on."""

import segno
from django.http import HttpRequest
from django.urls import reverse

QR_SCALE = 5


def link_of(request: HttpRequest, token: str) -> dict[str, str]:
    """链接和二维码: both empty without a token."""
    if not token:
        return {"link": "", "qr": ""}
    link = request.build_absolute_uri(reverse("follow", args=[token]))
    qr = segno.make(link, error="m").png_data_uri(scale=QR_SCALE, border=2)
    return {"link": link, "qr": qr}
