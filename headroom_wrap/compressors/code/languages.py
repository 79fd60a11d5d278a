"""The programming languages that can be outlined: their files, grammars and the nodes that fold."""

from __future__ import annotations

import functools
import importlib
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tree_sitter

_FUNCTION = "function_definition"
_JS = (
    "function_declaration function_expression function generator_function arrow_function "
    "generator_function_declaration method_definition class_static_block"
)


_SAMPLE = 4_000
_MOST_BROKEN = 0.4


@dataclass(frozen=True, slots=True)
class Language:
    """A grammar and its words: what has a body, what holds data, what is a definition by name."""

    name: str
    module: str
    endings: str
    callables: frozenset[str]
    data: frozenset[str]
    grammar: str
    most: int

    def parse(self, text: str) -> tree_sitter.Node | None:
        """The syntax tree; None without the grammar, or when the text is something else.

        Making sense of what is none of its own takes a grammar very long: it gets a sample first.
        """
        parser = _parser(self.module, self.grammar)
        code = text.encode("utf-8", "surrogatepass")
        if parser is None or len(code) > self.most:
            return None
        sample = code[: code.rfind(b"\n", 0, _SAMPLE) + 1]
        for piece in (sample, code) if len(code) > _SAMPLE else (code,):
            root = parser.parse(piece).root_node
            if _broken(root) > _MOST_BROKEN:
                return None
        return root


def _language(
    name: str, endings: str, callables: str, data: str, grammar: str = "language", module: str = ""
) -> Language:
    folds = frozenset(callables.split()), frozenset(data.split())
    # The recovery of this grammar grows with the square of the text.
    most = 50_000 if name == "bash" else 4 << 20
    return Language(name, f"tree_sitter_{module or name}", endings, *folds, grammar, most)


LANGUAGES: tuple[Language, ...] = (
    _language("python", "py pyi pyw", _FUNCTION, "list dictionary set tuple"),
    _language("javascript", "js jsx mjs cjs", _JS, "array object"),
    _language("typescript", "ts mts cts", _JS, "array object", "language_typescript"),
    _language("tsx", "tsx", _JS, "array object", "language_tsx", "typescript"),
    _language("go", "go", "function_declaration method_declaration func_literal", "literal_value"),
    _language("rust", "rs", "function_item closure_expression", "array_expression"),
    _language(
        "java",
        "java",
        "method_declaration constructor_declaration compact_constructor_declaration "
        "lambda_expression static_initializer",
        "array_initializer",
    ),
    _language("c", "c", _FUNCTION, "initializer_list"),
    _language(
        "cpp",
        "cc cpp cxx c++ h hh hpp hxx h++ inl ipp cu cuh",
        f"{_FUNCTION} lambda_expression",
        "initializer_list",
    ),
    _language(
        "csharp",
        "cs",
        "method_declaration constructor_declaration destructor_declaration accessor_declaration "
        "local_function_statement operator_declaration lambda_expression "
        "anonymous_method_expression conversion_operator_declaration",
        "initializer_expression collection_expression",
        module="c_sharp",
    ),
    _language("ruby", "rb rake gemspec", "method singleton_method do_block block", "array hash"),
    _language(
        "php",
        "php phtml",
        f"{_FUNCTION} method_declaration anonymous_function anonymous_function_creation_expression",
        "array_creation_expression",
        "language_php",
    ),
    _language("bash", "sh bash ksh", _FUNCTION, "array"),
)

_BY_NAME = {language.name: language for language in LANGUAGES}
_BY_ENDING = {ending: one for one in LANGUAGES for ending in one.endings.split()}
_SHEBANG = re.compile(r"#!.*\b(python|node|ruby|php|bash|sh|ksh)[\d.]*\b")
_INTERPRETERS = {"node": "javascript", "sh": "bash", "ksh": "bash"}


def named(name: str) -> Language | None:
    """The language called `name`, or of the file called so."""
    path = PurePosixPath(name.replace("\\", "/"))
    return _BY_NAME.get(name) or _BY_ENDING.get(path.suffix.removeprefix(".").lower())


def of_script(text: str) -> Language | None:
    """The language that the first line of a script asks for."""
    match = _SHEBANG.match(text)
    return _BY_NAME.get(_INTERPRETERS.get(match[1], match[1])) if match else None


def _broken(root: tree_sitter.Node) -> float:
    """How many errors there are for each line."""
    errors = 0
    ahead = [root]
    while ahead:
        node = ahead.pop()
        errors += node.is_error or node.is_missing
        if node.has_error:
            ahead.extend(node.children)
    return errors / (root.end_point.row + 1)


@functools.cache
def _parser(module: str, grammar: str) -> tree_sitter.Parser | None:
    try:
        import tree_sitter

        found = getattr(importlib.import_module(module), grammar)()
        return tree_sitter.Parser(tree_sitter.Language(found))
    except (ImportError, AttributeError, ValueError):
        # Not here, or made for another release of tree-sitter.
        return None
