"""Chinese is the source, English is complete."""

import ast
from collections.abc import Iterator
from io import StringIO

from django.core.management import call_command

from tests.house import source

EAGER = {"gettext", "ngettext", "pgettext", "npgettext"}


def test_every_string_has_its_english() -> None:
    call_command("messages", check=True, stdout=StringIO())


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What is done when the module is read: everything but the bodies of functions."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, source.FunctionNode | ast.Lambda):
            yield child
            yield from at_import(child)


def translated_at_import(tree: ast.Module) -> list[str]:
    eager = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in EAGER
    }
    return [
        ast.unparse(node)
        for node in at_import(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in eager
    ]


def test_nothing_is_translated_before_the_language_is_known() -> None:
    found = {
        source.name(path): translated_at_import(source.tree(path)) for path in source.modules()
    }
    assert {name: calls for name, calls in found.items() if calls} == {}


def test_a_translation_at_import_would_be_found() -> None:
    text = "from django.utils.translation import gettext as _\nA = {1: _('甲')}\ndef f(): _('乙')"
    assert translated_at_import(ast.parse(text)) == ["_('甲')"]
