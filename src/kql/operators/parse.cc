// parse and parse-where: columns from the pieces of a text.

#include <algorithm>

#include "kql/emit/forms.h"
#include "kql/emit/regex.h"
#include "kql/functions/conversions.h"
#include "kql/operators/operators.h"

namespace spoor::kql {

Result<Value> text_as(const Sql& text, Type type, Span span) {
  if (type == Type::kString) {
    return string_value(text);
  }
  if (type == Type::kDynamic) {
    return dynamic_value(call("toJSONString", {text}));
  }
  return convert_to(Call{.name = "parse", .span = span}, string_value(text), type);
}

namespace {

enum class Mode : std::uint8_t { kSimple, kRelaxed, kRegex };

struct Pattern {
  std::string text;
  std::vector<const ColumnDecl*> columns;
  std::vector<int> groups;  ///< of each column, from 1
};

/// The regular expression of one piece between columns.
Result<std::string> piece(const Operator& op, const std::string& text, Mode mode) {
  if (mode != Mode::kRegex) {
    return escape_regex(text);
  }
  auto made = translate_regex(text);
  if (!made) {
    return fail(error_at(op.span, made.error().code, made.error().message));
  }
  constexpr std::string_view kNoNewline = "(?-s)";
  return made->substr(made->starts_with(kNoNewline) ? kNoNewline.size() : 0);
}

Result<Pattern> pattern_of(const Operator& op, Mode mode, const std::string& flags) {
  Pattern made;
  made.text = mode == Mode::kRegex ? "(?" + flags + ")" : "(?s)^";
  const std::string_view any = mode == Mode::kRegex ? ".*" : ".*?";
  int groups = 0;
  for (std::size_t i = 0; i < op.columns.size(); ++i) {
    const ColumnDecl& column = op.columns[i];
    const bool last = i + 1 == op.columns.size() && op.pieces.back().empty();
    const std::string before = TRY(piece(op, op.pieces[i], mode));
    made.text += before;
    groups += count_groups(before);
    if (column.name == "*") {
      made.text += last ? ".*" : any;
      continue;
    }
    made.columns.push_back(&column);
    made.groups.push_back(++groups);
    if (is_integer(column.type) && mode != Mode::kRelaxed) {
      made.text += "\\s*(-?\\d+)";
    } else if (column.type == Type::kReal && mode != Mode::kRelaxed) {
      made.text += "\\s*(-?[0-9.]+(?:[eE][-+]?\\d+)?)";
    } else {
      made.text += "(" + std::string(last ? ".*" : any) + ")";
    }
  }
  made.text += TRY(piece(op, op.pieces.back(), mode));
  const bool open_end =
      op.pieces.back().empty() && !op.columns.empty() && op.columns.back().name == "*";
  if (mode != Mode::kRegex && !open_end) {
    made.text += "$";
  }
  if (made.columns.empty()) {
    return fail(error_at(op.span, ErrorCode::kInvalidInput, op.name + " names no column"));
  }
  return made;
}

/// A number the pattern has made sure of.
Value digits_as(const Sql& text, Type type) {
  const std::string_view function = type == Type::kInt    ? "toInt32OrNull"
                                    : type == Type::kLong ? "toInt64OrNull"
                                                          : "toFloat64OrNull";
  return make_value(type, call(function, {text}), true);
}

Result<std::string> flags_of(const Operator& op) {
  const Expr* option = op.option("flags");
  std::string on;
  bool newline = false;
  if (option != nullptr) {
    for (const char flag : option->text) {
      if (flag == 's') {
        newline = true;
      } else if (flag == 'i' || flag == 'm' || flag == 'U') {
        on += flag;
      } else {
        return fail(error_at(option->span, ErrorCode::kInvalidInput,
                             "the flags of parse are i, m, s and U"));
      }
    }
  }
  return newline ? on + "s" : on + "-s";
}

}  // namespace

Bound bind_parse(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  const Expr* kind = op.option("kind");
  const std::string named = kind == nullptr ? "simple" : kind->text;
  if (named != "simple" && named != "relaxed" && named != "regex") {
    return fail(error_at(kind->span, ErrorCode::kInvalidInput, "unknown kind of parse: " + named));
  }
  const Mode mode = named == "simple"    ? Mode::kSimple
                    : named == "relaxed" ? Mode::kRelaxed
                                         : Mode::kRegex;
  Scope scope{.row = &input, .env = env};
  Value source = TRY(binder.scalar(*op.exprs[0], scope));
  if (source.type != Type::kString) {
    source = string_value(text_of(source));
  }
  const Pattern pattern = TRY(pattern_of(op, mode, TRY(flags_of(op))));
  auto before = node_over(Node::Kind::kProject, input.plan);
  const ColumnId found = binder.fresh();
  before->definitions.push_back(
      {found, call("extractGroups", {source.sql, param_text(pattern.text)})});
  auto texts = node_over(Node::Kind::kProject, before);
  auto values = node_over(Node::Kind::kProject, texts);
  std::vector<Column> made;
  std::vector<Sql> tests{call("notEmpty", {column(found)})};
  for (std::size_t i = 0; i < pattern.columns.size(); ++i) {
    const ColumnDecl& decl = *pattern.columns[i];
    const Column text = binder.define(
        *texts, "$text",
        string_value(element(column(found), keyword(std::to_string(pattern.groups[i])))));
    const Value value = mode != Mode::kRelaxed && is_number(decl.type)
                            ? digits_as(text.value.sql, decl.type)
                            : TRY(text_as(text.value.sql, decl.type, decl.span));
    made.push_back(binder.define(*values, decl.name, value));
    if (value.nullable && mode != Mode::kRelaxed) {
      tests.push_back(call("isNotNull", {made.back().value.sql}));
    }
  }
  // One value that is none of its column's type leaves the whole row without values.
  const bool strict = tests.size() > 1;
  auto checked = node_over(Node::Kind::kProject, values);
  const ColumnId right = binder.fresh();
  checked->definitions.push_back({right, and_(tests)});
  NodePtr plan = checked;
  if (op.name == "parse-where") {
    auto filter = node_over(Node::Kind::kFilter, plan);
    filter->predicates.push_back(column(right));
    plan = filter;
  }
  auto after = node_over(Node::Kind::kProject, plan);
  for (auto& each : made) {
    if (strict && op.name != "parse-where") {
      const Value& value = each.value;
      const bool empty = value.type == Type::kString || value.type == Type::kDynamic;
      each = binder.define(
          *after, each.name,
          make_value(value.type, if_(column(right), value.sql, empty ? quoted("") : null()), true));
    }
    const auto place = std::find_if(input.columns.begin(), input.columns.end(),
                                    [&](const Column& other) { return other.name == each.name; });
    if (place == input.columns.end()) {
      input.columns.push_back(std::move(each));
    } else {
      *place = std::move(each);
    }
  }
  input.plan = std::move(after);
  return input;
}

}  // namespace spoor::kql
