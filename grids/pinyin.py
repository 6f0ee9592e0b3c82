"""Names by their sound: Chinese sorts by code point in the database, people look up by sound."""


def sound(name: str, limit: int) -> str:
    """拼音: full spelling, then initials: “清波街道” -> "qingbojiedao qbjd"."""
    from pypinyin import lazy_pinyin  # its dictionaries cost time and memory; few processes need it

    syllables = [syllable.strip().lower() for syllable in lazy_pinyin(name)]
    initials = "".join(syllable[:1] for syllable in syllables)
    return f"{''.join(syllables)} {initials}".strip()[:limit]
