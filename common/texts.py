"""What people type: without what nobody sees, and as it was meant. Pure."""

import unicodedata

TURNING = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Controls of direction: they turn the text round that comes after them, other people's, too."""
UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Me"})
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs that show nothing


def visible(text: str) -> str:
    """可见文字: without controls of direction; empty where there is nothing to be seen."""
    plain = text.translate(TURNING)
    return plain if any(map(_is_seen, plain)) else ""


def narrow(text: str) -> str:
    """半角: full-width digits and signs, as Chinese keyboards type them, are plain ones."""
    return unicodedata.normalize("NFKC", text)


def _is_seen(char: str) -> bool:
    # a NUL is not to be passed over: whoever stores the text says that it cannot
    return char == "\0" or (unicodedata.category(char) not in UNSEEN and char not in FILLERS)
