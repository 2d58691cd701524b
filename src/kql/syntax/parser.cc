#include "kql/syntax/parser.h"

#include <utility>

namespace spoor::kql {
namespace {

std::string describe(const Token& token, std::string_view text) {
  if (token.kind == Token::Kind::kEnd) {
    return "the end of the query";
  }
  auto shown = text.substr(token.span.begin, token.span.end - token.span.begin);
  return "'" + std::string(shown.substr(0, 40)) + "'";
}

}  // namespace

Result<Query> parse(std::string_view text) { return Parser(text, TRY(tokenize(text))).query(); }

const Token& Parser::peek(std::size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

const Token& Parser::take() {
  const Token& token = peek();
  if (at_ + 1 < tokens_.size()) {
    ++at_;
  }
  return token;
}

bool Parser::accept(std::string_view word) {
  if (!at(word)) {
    return false;
  }
  take();
  return true;
}

Result<void> Parser::expect(std::string_view word) {
  if (!accept(word)) {
    return unexpected("'" + std::string(word) + "'");
  }
  return {};
}

std::unexpected<Error> Parser::unexpected(std::string_view wanted) const {
  return fail(error_at(peek().span, ErrorCode::kInvalidInput,
                       "expected " + std::string(wanted) + ", found " + describe(peek(), text_)));
}

bool Parser::adjacent(std::size_t ahead) const {
  return peek(ahead).span.end == peek(ahead + 1).span.begin;
}

std::string Parser::hyphenated(std::size_t& tokens) const {
  tokens = 1;
  std::string word = peek().text;
  while (adjacent(tokens - 1) && peek(tokens).is("-") && adjacent(tokens) &&
         peek(tokens + 1).kind == Token::Kind::kName) {
    word += "-" + peek(tokens + 1).text;
    tokens += 2;
  }
  return word;
}

Result<std::string> Parser::name(std::string_view what) {
  if (at("[") && peek(1).kind == Token::Kind::kString && at("]", 2)) {
    std::string text = peek(1).text;
    at_ += 3;
    return text;
  }
  if (peek().kind != Token::Kind::kName || peek().text.starts_with('!')) {
    return unexpected(what);
  }
  return take().text;
}

Result<Type> Parser::type() {
  const Span place = peek().span;
  const std::string word = TRY(name("a type"));
  static const std::map<std::string_view, Type> kTypes = {
      {"bool", Type::kBool},         {"boolean", Type::kBool},    {"int", Type::kInt},
      {"int32", Type::kInt},         {"long", Type::kLong},       {"int64", Type::kLong},
      {"real", Type::kReal},         {"double", Type::kReal},     {"string", Type::kString},
      {"datetime", Type::kDateTime}, {"date", Type::kDateTime},   {"timespan", Type::kTimespan},
      {"time", Type::kTimespan},     {"dynamic", Type::kDynamic}, {"guid", Type::kGuid},
      {"uuid", Type::kGuid},         {"uniqueid", Type::kGuid}};
  if (word == "decimal") {
    return fail(
        error_at(place, ErrorCode::kUnsupported, "the type decimal is not supported; use real"));
  }
  const auto found = kTypes.find(word);
  if (found == kTypes.end()) {
    return fail(error_at(place, ErrorCode::kInvalidInput, "unknown type " + word));
  }
  return found->second;
}

Result<void> Parser::guard() const {
  if (depth_ > kMaxDepth) {
    return fail(
        error_at(peek().span, ErrorCode::kLimit,
                 "the query is nested deeper than " + std::to_string(kMaxDepth) + " levels"));
  }
  if (nodes_ > kMaxNodes) {
    return fail(error_at(peek().span, ErrorCode::kLimit,
                         "the query has more than " + std::to_string(kMaxNodes) + " parts"));
  }
  return {};
}

Result<ExprPtr> Parser::make(Expr::Kind kind, std::uint32_t begin) {
  ++nodes_;
  TRY_VOID(guard());
  auto expr = std::make_unique<Expr>();
  expr->kind = kind;
  expr->span.begin = begin;
  return expr;
}

Parser::Made Parser::finish(ExprPtr expr) const {
  expr->span.end = at_ == 0 ? 0 : tokens_[at_ - 1].span.end;
  return expr;
}

// ---- statements
// ------------------------------------------------------------------------------------

Result<Query> Parser::query() {
  Query made;
  TRY_VOID(statements(made.lets, made.body, false));
  if (peek().kind != Token::Kind::kEnd) {
    return unexpected("the end of the query");
  }
  return made;
}

Result<void> Parser::statements(std::vector<std::unique_ptr<Statement>>& lets, ExprPtr& body,
                                bool function) {
  for (;;) {
    while (accept(";")) {
    }
    const Span place = peek().span;
    if (peek().kind == Token::Kind::kEnd || (function && at("}"))) {
      break;
    }
    if (body) {
      return fail(error_at(place, ErrorCode::kUnsupported,
                           "more than one query in a text is not supported"));
    }
    if (at("let") && peek(1).kind != Token::Kind::kEnd && !at("|", 1) && !at("=", 1)) {
      lets.push_back(TRY(let()));
      if (!at(";") && peek().kind != Token::Kind::kEnd) {
        return unexpected("';' after the let statement");
      }
      continue;
    }
    if (at("set") && peek(1).kind == Token::Kind::kName) {
      const std::string option = peek(1).text;
      if (option != "notruncation" && option != "truncationmaxrecords" && option != "query_now") {
        return fail(error_at(peek(1).span, ErrorCode::kUnsupported,
                             "the option " + option + " of set is not supported"));
      }
      while (!at(";") && peek().kind != Token::Kind::kEnd) {
        take();
      }
      continue;
    }
    for (const std::string_view word : {"declare", "alias", "restrict", "pattern"}) {
      if (at(word) && peek(1).kind == Token::Kind::kName) {
        return fail(error_at(place, ErrorCode::kUnsupported,
                             "the statement '" + std::string(word) + "' is not supported"));
      }
    }
    body = TRY(pipe());
    if (!at(";") && !(function && at("}")) && peek().kind != Token::Kind::kEnd) {
      return unexpected("an operator or the end of the query");
    }
  }
  if (!body) {
    return unexpected(lets.empty() ? "a query" : "a query after the let statements");
  }
  return {};
}

Result<std::unique_ptr<Statement>> Parser::let() {
  take();
  auto made = std::make_unique<Statement>();
  made->span = peek().span;
  made->name = TRY(name("a name after let"));
  TRY_VOID(expect("="));
  made->value = at_function() ? TRY(function()) : TRY(pipe());
  return made;
}

bool Parser::at_function() const {
  std::size_t ahead = at("view") && at("(", 1) ? 1 : 0;
  if (!at("(", ahead)) {
    return false;
  }
  int depth = 0;
  for (; at_ + ahead < tokens_.size(); ++ahead) {
    if (peek(ahead).is("(")) {
      ++depth;
    } else if (peek(ahead).is(")") && --depth == 0) {
      return at("{", ahead + 1);
    }
  }
  return false;
}

Parser::Made Parser::function() {
  const Deeper deeper(depth_);
  auto made = TRY(make(Expr::Kind::kFunction, peek().span.begin));
  accept("view");
  made->parameters = TRY(parameters());
  TRY_VOID(expect("{"));
  ExprPtr body;
  TRY_VOID(statements(made->statements, body, true));
  TRY_VOID(expect("}"));
  made->children.push_back(std::move(body));
  return finish(std::move(made));
}

Result<std::vector<Parameter>> Parser::parameters() {
  std::vector<Parameter> made;
  TRY_VOID(expect("("));
  while (!at(")")) {
    Parameter parameter;
    parameter.span = peek().span;
    parameter.name = TRY(name("a parameter"));
    TRY_VOID(expect(":"));
    if (accept("(")) {
      parameter.tabular = true;
      int depth = 1;
      while (depth > 0) {
        if (peek().kind == Token::Kind::kEnd) {
          return unexpected("')'");
        }
        depth += at("(") ? 1 : at(")") ? -1 : 0;
        take();
      }
    } else if (peek().kind == Token::Kind::kTyped) {
      return unexpected("a type");
    } else {
      parameter.type = TRY(type());
      if (accept("=")) {
        parameter.otherwise = TRY(expression());
      }
    }
    made.push_back(std::move(parameter));
    if (!accept(",")) {
      break;
    }
  }
  TRY_VOID(expect(")"));
  return made;
}

// ---- tables
// ----------------------------------------------------------------------------------------

Parser::Made Parser::pipe() {
  const Deeper deeper(depth_);
  TRY_VOID(guard());
  const std::uint32_t begin = peek().span.begin;
  ExprPtr first = TRY(source());
  if (!at("|")) {
    return first;
  }
  auto made = TRY(make(Expr::Kind::kPipe, begin));
  made->children.push_back(std::move(first));
  while (accept("|")) {
    if (++operators_ > kMaxOperators) {
      return fail(
          error_at(peek().span, ErrorCode::kLimit,
                   "the query has more than " + std::to_string(kMaxOperators) + " operators"));
    }
    made->operators.push_back(TRY(operator_()));
  }
  return finish(std::move(made));
}

Parser::Made Parser::source() {
  const bool word = peek().kind == Token::Kind::kName;
  const bool operand = peek(1).kind != Token::Kind::kEnd && !at("|", 1) && !at(";", 1) &&
                       !at(")", 1) && !at(".", 1) && !at(",", 1);
  const bool reads = (at("print") && operand && !at("(", 1)) || (at("print") && at("(", 1)) ||
                     (at("range") && peek(1).kind == Token::Kind::kName && at("from", 2)) ||
                     (at("datatable") && (at("(", 1))) || (at("union") && operand) ||
                     (at("search") && operand) || (at("find") && operand) ||
                     (at("externaldata") && at("(", 1)) || (at("evaluate") && operand);
  if (word && reads) {
    const std::uint32_t begin = peek().span.begin;
    auto made = TRY(make(Expr::Kind::kSource, begin));
    made->operators.push_back(TRY(source_operator()));
    return finish(std::move(made));
  }
  return expression();
}

// ---- expressions
// ---------------------------------------------------------------------------------------

Parser::Made Parser::named(bool tables) {
  const std::uint32_t begin = peek().span.begin;
  std::vector<std::string> names;
  if (peek().kind == Token::Kind::kName && at("=", 1)) {
    names.push_back(take().text);
  } else if (at("[") && peek(1).kind == Token::Kind::kString && at("]", 2) && at("=", 3)) {
    names.push_back(peek(1).text);
    at_ += 3;
  } else if (at("(")) {
    std::size_t ahead = 1;
    while (peek(ahead).kind == Token::Kind::kName && at(",", ahead + 1)) {
      ahead += 2;
    }
    if (peek(ahead).kind == Token::Kind::kName && at(")", ahead + 1) && at("=", ahead + 2)) {
      take();
      do {
        names.push_back(take().text);
      } while (accept(","));
      take();
    }
  }
  // A '|' after an item belongs to the operators of the query, except inside the brackets of a
  // call.
  if (names.empty()) {
    return tables ? pipe() : expression();
  }
  TRY_VOID(expect("="));
  auto made = TRY(make(Expr::Kind::kNamed, begin));
  made->names = std::move(names);
  made->children.push_back(tables ? TRY(pipe()) : TRY(expression()));
  return finish(std::move(made));
}

Parser::Made Parser::logical(std::string_view word) {
  const Deeper deeper(depth_);
  TRY_VOID(guard());
  const std::uint32_t begin = peek().span.begin;
  const auto operand = [&]() { return word == "or" ? logical("and") : relational(); };
  ExprPtr first = TRY(operand());
  if (!at(word)) {
    return first;
  }
  auto made = TRY(make(Expr::Kind::kLogical, begin));
  made->text = word;
  made->children.push_back(std::move(first));
  while (accept(word)) {
    made->children.push_back(TRY(operand()));
  }
  return finish(std::move(made));
}

Parser::Made Parser::relational() {
  static constexpr std::string_view kBinary[] = {"==",
                                                 "!=",
                                                 "<>",
                                                 "<",
                                                 ">",
                                                 "<=",
                                                 ">=",
                                                 "=~",
                                                 "!~",
                                                 ":",
                                                 "has",
                                                 "!has",
                                                 "has_cs",
                                                 "!has_cs",
                                                 "hasprefix",
                                                 "!hasprefix",
                                                 "hasprefix_cs",
                                                 "!hasprefix_cs",
                                                 "hassuffix",
                                                 "!hassuffix",
                                                 "hassuffix_cs",
                                                 "!hassuffix_cs",
                                                 "contains",
                                                 "!contains",
                                                 "contains_cs",
                                                 "!contains_cs",
                                                 "notcontains",
                                                 "containscs",
                                                 "notcontainscs",
                                                 "startswith",
                                                 "!startswith",
                                                 "startswith_cs",
                                                 "!startswith_cs",
                                                 "endswith",
                                                 "!endswith",
                                                 "endswith_cs",
                                                 "!endswith_cs",
                                                 "like",
                                                 "notlike"};
  static constexpr std::string_view kLists[] = {"in",      "!in",     "in~",      "!in~",
                                                "has_any", "has_all", "!has_any", "!has_all"};
  const std::uint32_t begin = peek().span.begin;
  ExprPtr left = TRY(arithmetic(0));
  for (int chained = 0;; ++chained) {
    if (chained > 64) {
      return fail(error_at(peek().span, ErrorCode::kLimit, "too many comparisons in a chain"));
    }
    std::string op;
    for (const auto word : kBinary) {
      if (at(word)) {
        op = word;
      }
    }
    if (!op.empty()) {
      take();
      auto made = TRY(make(Expr::Kind::kBinary, begin));
      made->text = op;
      made->children.push_back(std::move(left));
      made->children.push_back(TRY(arithmetic(0)));
      left = TRY(finish(std::move(made)));
      continue;
    }
    if (at("matches") && at("regex", 1)) {
      take();
      take();
      auto made = TRY(make(Expr::Kind::kBinary, begin));
      made->text = "matches regex";
      made->children.push_back(std::move(left));
      made->children.push_back(TRY(arithmetic(0)));
      left = TRY(finish(std::move(made)));
      continue;
    }
    for (const auto word : kLists) {
      if (at(word)) {
        op = word;
      }
    }
    if (!op.empty()) {
      take();
      auto made = TRY(make(Expr::Kind::kIn, begin));
      made->text = op;
      made->children.push_back(std::move(left));
      if (accept("(")) {
        auto items = TRY(arguments(")"));
        for (auto& item : items) {
          made->children.push_back(std::move(item));
        }
      } else {
        made->children.push_back(TRY(arithmetic(0)));
      }
      left = TRY(finish(std::move(made)));
      continue;
    }
    if (at("between") || at("!between")) {
      auto made = TRY(make(Expr::Kind::kBetween, begin));
      made->text = take().text;
      made->children.push_back(std::move(left));
      TRY_VOID(expect("("));
      made->children.push_back(TRY(expression()));
      TRY_VOID(expect(".."));
      made->children.push_back(TRY(expression()));
      TRY_VOID(expect(")"));
      left = TRY(finish(std::move(made)));
      continue;
    }
    return left;
  }
}

Parser::Made Parser::arithmetic(int level) {
  const std::uint32_t begin = peek().span.begin;
  ExprPtr left = level == 0 ? TRY(arithmetic(1)) : TRY(unary());
  int chained = 0;
  while (level == 0 ? (at("+") || at("-")) : (at("*") || at("/") || at("%"))) {
    if (++chained > kMaxDepth) {
      return fail(error_at(peek().span, ErrorCode::kLimit, "too many operators in a chain"));
    }
    auto made = TRY(make(Expr::Kind::kBinary, begin));
    made->text = take().text;
    made->children.push_back(std::move(left));
    made->children.push_back(level == 0 ? TRY(arithmetic(1)) : TRY(unary()));
    left = TRY(finish(std::move(made)));
  }
  return left;
}

Parser::Made Parser::unary() {
  if (!at("-") && !at("+")) {
    return postfix();
  }
  const Deeper deeper(depth_);
  TRY_VOID(guard());
  auto made = TRY(make(Expr::Kind::kUnary, peek().span.begin));
  made->text = take().text;
  made->children.push_back(TRY(unary()));
  return finish(std::move(made));
}

Parser::Made Parser::postfix() {
  const std::uint32_t begin = peek().span.begin;
  ExprPtr left = TRY(primary());
  for (int chained = 0;; ++chained) {
    if (chained > kMaxDepth) {
      return fail(error_at(peek().span, ErrorCode::kLimit, "too long a path"));
    }
    if (at(".") && !at(".", 1)) {
      take();
      if (at("[")) {
        continue;  // a.['x'] is the same as a['x']
      }
      auto made = TRY(make(Expr::Kind::kMember, begin));
      made->text = TRY(name("a member's name"));
      if (at("(")) {
        return fail(error_at({begin, peek().span.end}, ErrorCode::kUnsupported,
                             "calls on other clusters, databases or workspaces are not supported"));
      }
      made->children.push_back(std::move(left));
      left = TRY(finish(std::move(made)));
    } else if (at("[") && left->kind != Expr::Kind::kLiteral) {
      take();
      auto made = TRY(make(Expr::Kind::kIndex, begin));
      made->children.push_back(std::move(left));
      made->children.push_back(TRY(expression()));
      TRY_VOID(expect("]"));
      left = TRY(finish(std::move(made)));
    } else {
      return left;
    }
  }
}

Result<std::vector<ExprPtr>> Parser::arguments(std::string_view close) {
  std::vector<ExprPtr> items;
  while (!at(close)) {
    if (at("*") && (at(",", 1) || at(close, 1))) {
      auto star = TRY(make(Expr::Kind::kStar, take().span.begin));
      items.push_back(TRY(finish(std::move(star))));
    } else {
      items.push_back(at_function() ? TRY(function()) : TRY(named(true)));
    }
    if (!accept(",")) {
      break;
    }
  }
  TRY_VOID(expect(close));
  return items;
}

Parser::Made Parser::primary() {
  const Deeper deeper(depth_);
  TRY_VOID(guard());
  const Token& token = peek();
  const std::uint32_t begin = token.span.begin;
  switch (token.kind) {
    case Token::Kind::kString:
    case Token::Kind::kNumber:
    case Token::Kind::kReal:
    case Token::Kind::kTimespan:
    case Token::Kind::kTyped:
      return literal();
    case Token::Kind::kName: {
      if (token.text.starts_with('!')) {
        break;
      }
      if ((token.text == "true" || token.text == "false" || token.text == "null") && !at("(", 1)) {
        return literal();
      }
      std::size_t tokens = 1;
      std::string word = token.text;
      if (at("(", 1)) {
        at_ += tokens;
        take();
        auto made = TRY(make(Expr::Kind::kCall, begin));
        made->text = std::move(word);
        made->children = TRY(arguments(")"));
        return finish(std::move(made));
      }
      auto made = TRY(make(Expr::Kind::kName, begin));
      made->text = take().text;
      return finish(std::move(made));
    }
    case Token::Kind::kPunctuation:
      if (accept("(")) {
        ExprPtr inner = TRY(pipe());
        TRY_VOID(expect(")"));
        return inner;
      }
      if (at("[") && peek(1).kind == Token::Kind::kString && at("]", 2)) {
        auto made = TRY(make(Expr::Kind::kName, begin));
        made->text = TRY(name("a name"));
        return finish(std::move(made));
      }
      break;
    case Token::Kind::kEnd:
      break;
  }
  return unexpected("an expression");
}

}  // namespace spoor::kql
