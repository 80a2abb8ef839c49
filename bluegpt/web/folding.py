"""Templates with what never changes put in once: words, addresses and icons become plain text.

A page has a hundred words to translate and as many icons and addresses, the same for everybody
who reads it in one language. Looking each up again took a quarter of the time of a long page.
"""

from collections.abc import Iterable

from django.template import Context, Origin, Template
from django.template.base import FilterExpression, Node, NodeList, TextNode, TokenType, Variable
from django.template.defaulttags import IfNode, URLNode
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch, get_script_prefix
from django.utils.functional import Promise
from django.utils.translation import get_language
from typing_extensions import override

from bluegpt.web.templatetags import web

# Tags of ours that say the same whenever they are given the same.
_PURE_TAGS = frozenset({web.icon, web.face, web.import_map, web.preload_modules})


class Loader(cached.Loader):
    """Keeps one folded template per language, and per place in which the site is mounted."""

    @override
    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        """What a kept template is found by."""
        key: str = super().cache_key(template_name, skip)
        return f"{get_language()} {get_script_prefix()} {key}"

    @override
    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        """A template as the language that is active reads it. Raises TemplateDoesNotExist."""
        key = self.cache_key(template_name, skip)
        is_new = key not in self.get_template_cache
        template: Template = super().get_template(template_name, skip)
        if is_new:
            context = Context()
            with context.bind_template(template):
                _fold(template.nodelist, context)
        return template


def _fold(nodes: NodeList, context: Context) -> None:
    """Replace, in place and all the way down, what is the same in every rendering."""
    folded: list[Node] = []
    for node in nodes:
        for inner in _inside(node):
            _fold(inner, context)
        kept = _folded(node, context)
        if isinstance(kept, TextNode) and folded and isinstance(folded[-1], TextNode):
            folded[-1] = _text(folded[-1].s + kept.s, like=folded[-1])
        else:
            folded.append(kept)
    nodes[:] = folded


def _inside(node: Node) -> Iterable[NodeList]:
    if isinstance(node, IfNode):
        return [nodelist for _condition, nodelist in node.conditions_nodelists]
    found = (getattr(node, name, None) for name in node.child_nodelists)
    return [each for each in found if isinstance(each, NodeList)]


def _folded(node: Node, context: Context) -> Node:
    if not _never_changes(node):
        return node
    try:
        return _text(str(node.render(context)), like=node)
    except NoReverseMatch:  # what is rendered decides whether that is an error
        return node


def _text(words: str, *, like: Node) -> TextNode:
    """Text in the place of a node, which errors go on to name."""
    text = TextNode(words)
    text.token, text.origin = like.token, like.origin
    return text


def _never_changes(node: Node) -> bool:
    if isinstance(node, TranslateNode):
        has_constant_place = node.message_context is None or _is_constant(node.message_context)
        return not node.asvar and has_constant_place and _is_constant(node.filter_expression)
    if isinstance(node, BlockTranslateNode):
        is_plain = all(token.token_type == TokenType.TEXT for token in node.singular)
        return is_plain and not (node.plural or node.asvar or node.message_context)
    if isinstance(node, URLNode):
        return not (node.args or node.kwargs or node.asvar) and _is_constant(node.view_name)
    if isinstance(node, StaticNode):
        return not node.varname and _is_constant(node.path)
    if isinstance(node, SimpleNode):
        given = [*node.args, *node.kwargs.values()]
        return node.func in _PURE_TAGS and not node.target_var and all(map(_is_constant, given))
    return False


def _is_constant(expression: FilterExpression) -> bool:
    """Whether it is words, translated or not, and nothing is looked up or filtered."""
    if expression.filters:
        return False
    said = expression.var
    return said.lookups is None if isinstance(said, Variable) else isinstance(said, str | Promise)
