// The operators behind a '|', and those that begin a query.

#include <algorithm>
#include <array>

#include "base/text.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {
namespace {

constexpr std::array<std::string_view, 52> kOperators = {"where",
                                                         "filter",
                                                         "project",
                                                         "project-away",
                                                         "project-keep",
                                                         "project-rename",
                                                         "project-reorder",
                                                         "extend",
                                                         "summarize",
                                                         "sort",
                                                         "order",
                                                         "top",
                                                         "take",
                                                         "limit",
                                                         "count",
                                                         "distinct",
                                                         "union",
                                                         "join",
                                                         "lookup",
                                                         "mv-expand",
                                                         "mvexpand",
                                                         "mv-apply",
                                                         "parse",
                                                         "parse-where",
                                                         "parse-kv",
                                                         "make-series",
                                                         "serialize",
                                                         "as",
                                                         "render",
                                                         "getschema",
                                                         "sample",
                                                         "sample-distinct",
                                                         "search",
                                                         "find",
                                                         "evaluate",
                                                         "invoke",
                                                         "partition",
                                                         "top-nested",
                                                         "top-hitters",
                                                         "reduce",
                                                         "scan",
                                                         "fork",
                                                         "facet",
                                                         "make-graph",
                                                         "graph-match",
                                                         "graph-shortest-paths",
                                                         "graph-to-table",
                                                         "graph-mark-components",
                                                         "consume",
                                                         "assert-schema",
                                                         "externaldata",
                                                         "macro-expand"};

constexpr std::array<std::string_view, 12> kRefused = {"top-hitters",
                                                       "reduce",
                                                       "fork",
                                                       "facet",
                                                       "make-graph",
                                                       "graph-match",
                                                       "graph-shortest-paths",
                                                       "graph-to-table",
                                                       "graph-mark-components",
                                                       "consume",
                                                       "assert-schema",
                                                       "macro-expand"};

}  // namespace

Result<std::unique_ptr<Operator>> Parser::operator_() {
  auto op = std::make_unique<Operator>();
  op->span = peek().span;
  if (peek().kind != Token::Kind::kName) {
    return unexpected("an operator after '|'");
  }
  std::size_t tokens = 1;
  op->name = hyphenated(tokens);
  op->span.end = peek(tokens - 1).span.end;
  if (std::find(kOperators.begin(), kOperators.end(), op->name) == kOperators.end()) {
    const std::vector<std::string_view> names(kOperators.begin(), kOperators.end());
    Error error = error_at(op->span, ErrorCode::kInvalidInput, "unknown operator " + op->name);
    if (const auto near = nearest_name(op->name, names); !near.empty()) {
      error.hint = "did you mean " + std::string(near) + "?";
    }
    return fail(std::move(error));
  }
  if (std::find(kRefused.begin(), kRefused.end(), op->name) != kRefused.end()) {
    return fail(error_at(op->span, ErrorCode::kUnsupported,
                         "the operator " + op->name + " is not supported"));
  }
  at_ += tokens;
  TRY_VOID(body_of(*op));
  return op;
}

Result<std::unique_ptr<Operator>> Parser::source_operator() {
  auto op = std::make_unique<Operator>();
  op->span = peek().span;
  op->name = take().text;
  if (op->name == "evaluate") {
    return fail(
        error_at(op->span, ErrorCode::kUnsupported, "the operator evaluate is not supported here"));
  }
  TRY_VOID(body_of(*op));
  return op;
}

Result<void> Parser::body_of(Operator& op) {
  const std::string& name = op.name;
  if (name == "where" || name == "filter") {
    TRY_VOID(options(op));
    op.exprs.push_back(TRY(expression()));
    return {};
  }
  if (name == "project" || name == "extend" || name == "print" || name == "distinct" ||
      name == "serialize") {
    TRY_VOID(options(op));
    if ((name == "serialize" || name == "project") &&
        (at("|") || at(";") || at(")") || peek().kind == Token::Kind::kEnd)) {
      return {};
    }
    return list(op.exprs, true);
  }
  if (name == "project-away" || name == "project-keep") {
    return column_pattern(op, false);
  }
  if (name == "project-reorder") {
    return column_pattern(op, true);
  }
  if (name == "project-rename") {
    return list(op.exprs, true);
  }
  if (name == "summarize") {
    return summarize(op);
  }
  if (name == "sort" || name == "order") {
    TRY_VOID(options(op));
    TRY_VOID(expect("by"));
    return ordered(op.exprs, op.orderings, false);
  }
  if (name == "top") {
    TRY_VOID(options(op));
    op.exprs.push_back(TRY(expression()));
    TRY_VOID(expect("by"));
    op.has_by = true;
    return ordered(op.by, op.by_orderings, false);
  }
  if (name == "take" || name == "limit" || name == "sample") {
    op.exprs.push_back(TRY(expression()));
    return {};
  }
  if (name == "sample-distinct") {
    op.exprs.push_back(TRY(expression()));
    TRY_VOID(expect("of"));
    op.by.push_back(TRY(expression()));
    return {};
  }
  if (name == "count" || name == "getschema") {
    return {};
  }
  if (name == "as") {
    TRY_VOID(options(op));
    op.text = TRY(this->name("a name"));
    return {};
  }
  if (name == "union") {
    return union_(op);
  }
  if (name == "join" || name == "lookup") {
    return join(op);
  }
  if (name == "mv-expand" || name == "mvexpand" || name == "mv-apply") {
    return expand(op);
  }
  if (name == "datatable") {
    return datatable(op);
  }
  if (name == "range") {
    return range(op);
  }
  if (name == "parse" || name == "parse-where") {
    return parse_operator(op);
  }
  if (name == "render") {
    return render(op);
  }
  if (name == "evaluate") {
    return evaluate(op);
  }
  if (name == "invoke") {
    return invoke(op);
  }
  if (name == "make-series") {
    return make_series(op);
  }
  if (name == "parse-kv") {
    return parse_kv(op);
  }
  if (name == "partition") {
    return partition(op);
  }
  if (name == "top-nested") {
    return top_nested(op);
  }
  if (name == "find") {
    return find(op);
  }
  if (name == "scan") {
    return scan(op);
  }
  if (name == "externaldata") {
    return external(op);
  }
  if (name == "search") {
    TRY_VOID(options(op));
    if (at("in") && at("(", 1)) {
      take();
      take();
      auto tables = TRY(arguments(")"));
      op.tables = std::move(tables);
    }
    op.exprs.push_back(TRY(expression()));
    return {};
  }
  return fail(error_at(op.span, ErrorCode::kUnsupported,
                       "the operator " + name + " is not supported here"));
}

Result<void> Parser::options(Operator& op) {
  for (;;) {
    if (peek().kind != Token::Kind::kName) {
      return {};
    }
    std::size_t ahead = 1;
    std::string key = peek().text;
    if (at(".", 1) && peek(2).kind == Token::Kind::kName && key == "hint") {
      key += "." + peek(2).text;
      ahead = 3;
    }
    static constexpr std::array<std::string_view, 11> kKeys = {
        "kind",          "withsource",     "with_source", "isfuzzy",
        "bagexpansion",  "with_itemindex", "flags",       "decodeblocks",
        "with_match_id", "nooptimization", "expandoutput"};
    const bool known =
        key.starts_with("hint.") || std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
    if (!known || !at("=", ahead)) {
      return {};
    }
    at_ += ahead + 1;
    ExprPtr value;
    if (peek().kind == Token::Kind::kName) {
      // A word: "inner" of "kind=inner (T)" is no call.
      value = TRY(make(Expr::Kind::kName, peek().span.begin));
      value->text = take().text;
      value = TRY(finish(std::move(value)));
    } else {
      value = TRY(primary());
    }
    op.options[key] = std::move(value);
    accept(",");
  }
}

Result<void> Parser::list(std::vector<ExprPtr>& into, bool named_items) {
  do {
    if (at("*")) {
      auto star = TRY(make(Expr::Kind::kStar, take().span.begin));
      into.push_back(TRY(finish(std::move(star))));
    } else {
      into.push_back(named_items ? TRY(named()) : TRY(expression()));
    }
  } while (accept(","));
  return {};
}

Result<void> Parser::ordered(std::vector<ExprPtr>& into, std::vector<Ordering>& orderings,
                             bool plain) {
  do {
    into.push_back(plain ? TRY(expression()) : TRY(named()));
    Ordering order;
    if (at("asc") || at("desc")) {
      order.explicit_order = true;
      order.descending = take().text == "desc";
    }
    order.nulls_first = !order.descending;
    if (accept("nulls")) {
      if (!at("first") && !at("last")) {
        return unexpected("first or last");
      }
      order.nulls_first = take().text == "first";
    }
    orderings.push_back(order);
  } while (accept(","));
  return {};
}

Result<void> Parser::column_pattern(Operator& op, bool ordering) {
  do {
    // A pattern is a run of names and stars without blanks between them.
    auto made = TRY(make(Expr::Kind::kName, peek().span.begin));
    if (at("[")) {
      made->text = TRY(name("a column"));
    } else {
      bool first = true;
      while (
          (peek().kind == Token::Kind::kName || at("*") || peek().kind == Token::Kind::kNumber) &&
          (first || tokens_[at_ - 1].span.end == peek().span.begin)) {
        const Token& token = take();
        made->text += text_.substr(token.span.begin, token.span.end - token.span.begin);
        first = false;
      }
      if (first) {
        return unexpected("a column");
      }
    }
    op.exprs.push_back(TRY(finish(std::move(made))));
    Ordering order;
    if (ordering && (at("asc") || at("desc") || at("granny-asc") || at("granny-desc"))) {
      order.explicit_order = true;
      order.descending = take().text == "desc";
    }
    op.orderings.push_back(order);
  } while (accept(","));
  return {};
}

Result<void> Parser::summarize(Operator& op) {
  TRY_VOID(options(op));
  if (!at("by")) {
    if (at("|") || at(")") || at(";") || peek().kind == Token::Kind::kEnd) {
      return unexpected("an aggregate or by");
    }
    TRY_VOID(list(op.exprs, true));
  }
  if (accept("by")) {
    op.has_by = true;
    TRY_VOID(list(op.by, true));
  }
  return {};
}

Result<ExprPtr> Parser::table_operand() {
  if (accept("(")) {
    auto inner = TRY(pipe());
    TRY_VOID(expect(")"));
    return inner;
  }
  // Wildcards: Device*
  if (peek().kind == Token::Kind::kName || at("*")) {
    std::size_t ahead = 0;
    std::string pattern;
    while ((peek(ahead).kind == Token::Kind::kName || at("*", ahead)) &&
           (ahead == 0 || adjacent(ahead - 1))) {
      pattern += peek(ahead).text;
      ++ahead;
    }
    if (pattern.find('*') != std::string::npos) {
      auto made = TRY(make(Expr::Kind::kName, peek().span.begin));
      made->text = pattern;
      at_ += ahead;
      return finish(std::move(made));
    }
  }
  return source();
}

Result<void> Parser::union_(Operator& op) {
  TRY_VOID(options(op));
  do {
    op.tables.push_back(TRY(table_operand()));
  } while (accept(","));
  return {};
}

Result<void> Parser::join(Operator& op) {
  TRY_VOID(options(op));
  op.tables.push_back(TRY(table_operand()));
  TRY_VOID(options(op));
  if (op.name == "lookup" || at("on")) {
    TRY_VOID(expect("on"));
    do {
      op.by.push_back(TRY(expression()));
    } while (accept(","));
    return {};
  }
  return unexpected("'on' and the columns to join by");
}

Result<void> Parser::expand(Operator& op) {
  TRY_VOID(options(op));
  do {
    op.exprs.push_back(TRY(named()));
    ColumnDecl decl;
    decl.type = Type::kDynamic;
    if (at("to") && at("typeof", 1)) {
      take();
      take();
      TRY_VOID(expect("("));
      // A type's name followed by ')' is a plain name here.
      decl.type = TRY(type());
      TRY_VOID(expect(")"));
    }
    op.columns.push_back(std::move(decl));
  } while (accept(","));
  if (accept("limit")) {
    op.by.push_back(TRY(unary()));
  }
  if (op.name == "mv-apply") {
    TRY_VOID(expect("on"));
    TRY_VOID(expect("("));
    auto body = TRY(make(Expr::Kind::kPipe, peek().span.begin));
    do {
      body->operators.push_back(TRY(operator_()));
    } while (accept("|"));
    TRY_VOID(expect(")"));
    op.tables.push_back(TRY(finish(std::move(body))));
  }
  return {};
}

Result<void> Parser::column_list(Operator& op) {
  TRY_VOID(expect("("));
  while (!at(")")) {
    ColumnDecl decl;
    decl.span = peek().span;
    decl.name = TRY(name("a column's name"));
    TRY_VOID(expect(":"));
    decl.type = TRY(type());
    op.columns.push_back(std::move(decl));
    if (!accept(",")) {
      break;
    }
  }
  return expect(")");
}

Result<void> Parser::datatable(Operator& op) {
  TRY_VOID(column_list(op));
  TRY_VOID(expect("["));
  while (!at("]")) {
    op.values.push_back(TRY(expression()));
    if (!accept(",")) {
      break;
    }
  }
  return expect("]");
}

Result<void> Parser::range(Operator& op) {
  op.text = TRY(name("a column's name"));
  TRY_VOID(expect("from"));
  op.exprs.push_back(TRY(expression()));
  TRY_VOID(expect("to"));
  op.exprs.push_back(TRY(expression()));
  TRY_VOID(expect("step"));
  op.exprs.push_back(TRY(expression()));
  return {};
}

Result<void> Parser::parse_operator(Operator& op) {
  TRY_VOID(options(op));
  op.exprs.push_back(TRY(expression()));
  TRY_VOID(expect("with"));
  std::string piece;
  bool any = false;
  while (peek().kind != Token::Kind::kEnd && !at("|") && !at(")") && !at(";") && !at("}")) {
    any = true;
    if (peek().kind == Token::Kind::kString) {
      piece += take().text;
      continue;
    }
    ColumnDecl decl;
    decl.span = peek().span;
    if (accept("*")) {
      decl.name = "*";
    } else {
      decl.name = TRY(name("a column, a text or '*'"));
      if (accept(":")) {
        decl.type = TRY(type());
      }
    }
    op.columns.push_back(std::move(decl));
    op.pieces.push_back(std::move(piece));
    piece.clear();
  }
  op.pieces.push_back(std::move(piece));
  if (!any) {
    return unexpected("a pattern");
  }
  return {};
}

Result<void> Parser::render(Operator& op) {
  op.text = TRY(name("a kind of chart"));
  if (accept("with")) {
    TRY_VOID(expect("("));
    int depth = 1;
    while (depth > 0) {
      if (peek().kind == Token::Kind::kEnd) {
        return unexpected("')'");
      }
      depth += at("(") ? 1 : at(")") ? -1 : 0;
      take();
    }
  } else {
    TRY_VOID(options(op));
    while (peek().kind == Token::Kind::kName && at("=", 1)) {
      at_ += 2;
      TRY(expression());
      accept(",");
    }
  }
  return {};
}

}  // namespace spoor::kql
