// The operators on text (kql-semantics 3) and the lists of has_any, has_all and in~.

#include <algorithm>

#include "base/text.h"
#include "base/ticks.h"
#include "kql/bind/binder.h"
#include "kql/emit/forms.h"
#include "kql/emit/regex.h"
#include "kql/emit/terms.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The indexed form of a column: its terms in lower case, and between them nothing that the index
/// takes for a part of one. Word for word the index's expression (tools/gen). The pattern is
/// needed, and run, for the few rows that are not ASCII alone.
Sql terms_form(const Sql& raw) {
  return call("if", {call("isValidASCII", {raw}), call("lower", {raw}),
                     call("replaceRegexpAll",
                          {call("lowerUTF8", {raw}), quoted("[^\\p{L}\\p{N}]+"), quoted(" ")})});
}

Sql has(const Value& left, const std::string& needle, bool any_case) {
  if (needle.empty()) {
    return boolean(true);
  }
  const Sql match =
      call("match", {left.sql, param_text(term_pattern(needle, any_case, true, true))});
  const bool indexed =
      left.column != nullptr && left.column->index == schema::Index::kTerms && left.raw;
  // Only terms whose both ends are ends of a term of the text may be looked up: a needle like
  // ".exe" or "foo.bar" holds whole terms, since its edges are guarded or are no letters.
  const auto terms = terms_of(needle);
  if (!indexed || terms.empty()) {
    return match;
  }
  std::vector<Sql> tests;
  for (const auto& term : terms) {
    tests.push_back(
        call("hasToken", {terms_form(left.raw), call("lowerUTF8", {param_text(term)})}));
  }
  if (!any_case || terms.size() > 1 || terms.front() != needle) {
    tests.push_back(match);
  }
  return and_(std::move(tests));
}

}  // namespace

Sql has_any_text(const Value& value, const std::vector<std::string>& needles) {
  const Value left = value.type == Type::kString ? value : string_value(text_of(value));
  const bool indexed =
      left.column != nullptr && left.column->index == schema::Index::kTerms && left.raw;
  const auto token = [&](const std::string& term) {
    return call("hasToken", {terms_form(left.raw), call("lowerUTF8", {param_text(term)})});
  };
  // One term is found by the index alone. Of longer needles the index gives the rows that hold
  // their terms, and one pattern says which of those hold a needle: where it holds one, it holds
  // that needle's terms.
  std::vector<Sql> found;
  std::vector<Sql> maybe;
  std::vector<std::string> rest;
  bool all_indexed = indexed;
  for (const auto& needle : needles) {
    if (needle.empty()) {
      return boolean(true);
    }
    const auto terms = indexed ? terms_of(needle) : std::vector<std::string>{};
    if (terms.size() == 1 && terms.front() == needle) {
      found.push_back(token(needle));
      continue;
    }
    rest.push_back(needle);
    all_indexed = all_indexed && !terms.empty();
    std::vector<Sql> tests;
    for (const auto& term : terms) {
      tests.push_back(token(term));
    }
    maybe.push_back(and_(std::move(tests)));
  }
  std::vector<Sql> matches;
  for (const auto& pattern : any_term_patterns(rest)) {
    matches.push_back(call("match", {left.sql, param_text(pattern)}));
  }
  if (!matches.empty()) {
    Sql any = or_(std::move(matches));
    found.push_back(all_indexed ? and_({or_(std::move(maybe)), std::move(any)}) : std::move(any));
  }
  return or_(std::move(found));
}

Result<std::vector<std::string>> Binder::texts(const Expr& in, Scope& scope, std::string_view op) {
  std::vector<std::string> made;
  for (std::size_t i = 1; i < in.children.size(); ++i) {
    const Expr& item = *in.children[i];
    Value value;
    if (is_table(item, scope.env)) {
      const Relation list = TRY(table(item, scope.env));
      value = TRY(run_first(list, item.span));
    } else {
      value = TRY(evaluated(TRY(scalar(item, scope))));
    }
    if (!value.is_constant()) {
      return fail(error_at(item.span, ErrorCode::kUnsupported,
                           "the list of " + std::string(op) + " must be constant"));
    }
    if (value.is_null_constant()) {
      continue;
    }
    if (value.type == Type::kDynamic) {
      for (auto& text : TRY(json_list_texts(*value.text(), item.span))) {
        made.push_back(std::move(text));
      }
    } else if (value.type == Type::kString || value.type == Type::kGuid) {
      made.push_back(*value.text());
    } else if (const auto number = value.number()) {
      made.push_back(value.type == Type::kDateTime   ? format_ticks(*number)
                     : value.type == Type::kTimespan ? format_timespan(*number)
                                                     : std::to_string(*number));
    } else {
      return fail(error_at(item.span, ErrorCode::kInvalidInput, "a text is needed here"));
    }
  }
  if (made.size() > 10'000) {
    return fail(error_at(in.span, ErrorCode::kLimit, "a list of more than 10,000 values"));
  }
  return made;
}

Result<Value> Binder::text_operator(std::string op, const Value& a, const Value& b, Span right_span,
                                    Span span) {
  static const std::map<std::string_view, std::string_view> kOld = {
      {"notcontains", "!contains"},
      {"containscs", "contains_cs"},
      {"notcontainscs", "!contains_cs"},
      {":", "has"}};
  if (const auto old = kOld.find(op); old != kOld.end()) {
    op = old->second;
  }
  bool negated = op.starts_with('!');
  std::string base = negated ? op.substr(1) : op;
  if (op == "!~") {
    base = "=~";
  }
  Value left = a;
  if (left.type != Type::kString) {
    if (left.type == Type::kDateTime && base == "=~") {
      return fail(
          error_at(span, ErrorCode::kInvalidInput, "=~ compares texts; use == for a datetime"));
    }
    left = string_value(text_of(left));
  }
  Value right = b;
  if (right.type != Type::kString) {
    const bool text_known = right.text() != nullptr && right.type == Type::kGuid;
    if (right.type == Type::kDynamic && right.text() != nullptr) {
      return fail(error_at(right_span, ErrorCode::kInvalidInput,
                           op + " needs a text, not a dynamic; use has_any"));
    }
    if (right.number()) {
      right = constant_value(Type::kString, std::to_string(*right.number()));
    } else {
      right =
          text_known ? constant_value(Type::kString, *right.text()) : string_value(text_of(right));
    }
  }
  const std::string* needle = right.text();
  const auto done = [&](Sql sql) -> Result<Value> {
    return make_value(Type::kBool, negated ? not_(std::move(sql)) : std::move(sql), false);
  };
  const auto constant_needed = [&]() -> std::unexpected<Error> {
    return fail(error_at(right_span, ErrorCode::kUnsupported,
                         "the right side of " + op + " must be constant"));
  };
  if (base == "=~") {
    if (needle != nullptr) {
      if (auto hex = hex_equals(left, *needle, true)) {
        return done(*hex);
      }
      if (is_ascii(*needle)) {
        return done(equals(kql::call("lower", {left.sql}), param_text(to_ascii_lower(*needle))));
      }
    }
    return done(equals(kql::call("lowerUTF8", {left.sql}), kql::call("lowerUTF8", {right.sql})));
  }
  if (base == "contains") {
    if (needle != nullptr && is_ascii(*needle)) {
      return done(infix(">",
                        kql::call("position", {kql::call("lower", {left.sql}),
                                               param_text(to_ascii_lower(*needle))}),
                        keyword("0")));
    }
    return done(
        infix(">", kql::call("positionCaseInsensitiveUTF8", {left.sql, right.sql}), keyword("0")));
  }
  if (base == "contains_cs") {
    return done(infix(">", kql::call("position", {left.sql, right.sql}), keyword("0")));
  }
  static const std::map<std::string_view, std::string_view> kEdges = {
      {"startswith", "startsWithCaseInsensitiveUTF8"},
      {"startswith_cs", "startsWith"},
      {"endswith", "endsWithCaseInsensitiveUTF8"},
      {"endswith_cs", "endsWith"}};
  if (const auto edge = kEdges.find(base); edge != kEdges.end()) {
    return done(kql::call(edge->second, {left.sql, right.sql}));
  }
  if (base == "matches regex") {
    if (needle == nullptr) {
      return constant_needed();
    }
    auto pattern = translate_regex(*needle);
    if (!pattern) {
      return fail(error_at(right_span, pattern.error().code, pattern.error().message));
    }
    return done(kql::call("match", {left.sql, param_text(*pattern)}));
  }
  const bool any_case = !base.ends_with("_cs");
  const std::string plain = any_case ? base : base.substr(0, base.size() - 3);
  if (plain == "has" || plain == "hasprefix" || plain == "hassuffix") {
    if (needle == nullptr) {
      return done(
          has_each(left.sql, right.sql, any_case, plain != "hassuffix", plain != "hasprefix"));
    }
    if (plain == "has") {
      return done(has(left, *needle, any_case));
    }
    if (needle->empty()) {
      return done(boolean(true));
    }
    return done(kql::call(
        "match", {left.sql, param_text(term_pattern(*needle, any_case, plain == "hasprefix",
                                                    plain == "hassuffix"))}));
  }
  return fail(error_at(span, ErrorCode::kUnsupported, "the operator " + op + " is not supported"));
}

}  // namespace spoor::kql
