"""How the secrets of a second factor are kept: under the key of personal data."""

from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser

from common.secrets import seal, unseal


class MfaAdapter(DefaultMFAAdapter):
    """What django-allauth asks us."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()
