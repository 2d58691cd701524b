// Scalar expressions: names, literals, logic, arithmetic, paths into dynamics.

#include <algorithm>

#include "base/text.h"
#include "kql/bind/binder.h"
#include "kql/emit/forms.h"

namespace spoor::kql {
namespace {

std::string type_text(Type type) { return std::string(schema::type_name(type)); }

Value named(Value value, std::string name) {
  value.name = std::move(name);
  return value;
}

}  // namespace

Error Binder::unknown_column(std::string_view name, Span span, const Scope& scope) const {
  Error error = error_at(span, ErrorCode::kInvalidInput, "unknown name " + std::string(name));
  std::vector<std::string_view> names;
  for (const Relation* row : {scope.row, scope.right}) {
    if (row != nullptr) {
      for (const auto& column : row->columns) {
        names.push_back(column.name);
      }
    }
  }
  for (const Env* each = scope.env.get(); each != nullptr; each = each->parent.get()) {
    names.push_back(each->name);
  }
  if (const auto near = nearest_name(name, names); !near.empty()) {
    error.hint = "did you mean " + std::string(near) + "?";
  }
  return error;
}

Result<Value> Binder::name(const Expr& expr, Scope& scope) {
  if (scope.row != nullptr) {
    if (const Column* column = scope.row->find(expr.text)) {
      return named(column->value, column->name);
    }
  }
  if (const auto* found = lookup(scope.env, expr.text)) {
    const Binding& binding = **found;
    if (binding.kind == Binding::Kind::kScalar) {
      return named(binding.value, expr.text);
    }
    return fail(
        error_at(expr.span, ErrorCode::kInvalidInput,
                 expr.text + " is a table or a function, not a value; use toscalar() or in (…)"));
  }
  if (scope.row != nullptr && scope.row->open) {
    return named(constant_value(Type::kDynamic, std::monostate{}), expr.text);
  }
  return fail(unknown_column(expr.text, expr.span, scope));
}

Result<Value> Binder::scalar(const Expr& expr, Scope& scope) {
  if (++scalar_depth_ > 600) {
    return fail(error_at(expr.span, ErrorCode::kLimit, "the expression is nested too deeply"));
  }
  struct Leave {
    int& depth;
    ~Leave() { --depth; }
  } leave{scalar_depth_};
  switch (expr.kind) {
    case Expr::Kind::kLiteral:
      return constant_value(expr.type, expr.constant);
    case Expr::Kind::kName:
      return name(expr, scope);
    case Expr::Kind::kNamed:
      return scalar(*expr.children[0], scope);
    case Expr::Kind::kCall:
      return call(expr, scope);
    case Expr::Kind::kMember:
    case Expr::Kind::kIndex:
      return member_access(expr, scope);
    case Expr::Kind::kBinary:
      return binary(expr, scope);
    case Expr::Kind::kIn:
      return membership(expr, scope);
    case Expr::Kind::kBetween:
      return between(expr, scope);
    case Expr::Kind::kUnary: {
      Value value = TRY(scalar(*expr.children[0], scope));
      if (value.type == Type::kInt) {
        value = *widen(value, Type::kLong);
      }
      if (!is_number(value.type) && value.type != Type::kTimespan) {
        return fail(error_at(expr.span, ErrorCode::kInvalidInput,
                             "'" + expr.text + "' needs a number, not " + type_text(value.type)));
      }
      value.name.clear();
      if (expr.text == "+") {
        return value;
      }
      if (const auto number = value.number()) {
        return constant_value(
            value.type, static_cast<std::int64_t>(0ULL - static_cast<std::uint64_t>(*number)));
      }
      if (value.constant && value.type == Type::kReal && !value.is_null_constant()) {
        return constant_value(value.type, -std::get<double>(*value.constant));
      }
      return cast_value(value.type, prefix("-", value.sql), value.nullable);
    }
    case Expr::Kind::kLogical: {
      std::vector<Sql> operands;
      bool nullable = false;
      for (const auto& child : expr.children) {
        const Value value = TRY(predicate(*child, scope));
        nullable = nullable || value.nullable;
        operands.push_back(value.sql);
      }
      return make_value(Type::kBool, infix(expr.text == "and" ? "AND" : "OR", std::move(operands)),
                        nullable);
    }
    case Expr::Kind::kStar:
      return fail(
          error_at(expr.span, ErrorCode::kUnsupported, "'*' cannot stand for a value here"));
    case Expr::Kind::kPipe:
    case Expr::Kind::kSource:
      return fail(error_at(expr.span, ErrorCode::kInvalidInput,
                           "a value is needed here, not a table; use toscalar()"));
    case Expr::Kind::kFunction:
      return fail(
          error_at(expr.span, ErrorCode::kUnsupported, "a function can only be defined by let"));
  }
  return fail(error_at(expr.span, ErrorCode::kInternal, "unknown kind of expression"));
}

Result<Value> Binder::predicate(const Expr& expr, Scope& scope) {
  Value value = TRY(scalar(expr, scope));
  if (value.type == Type::kBool) {
    return value;
  }
  if (is_number(value.type)) {
    Value made = make_value(Type::kBool, infix("!=", value.sql, keyword("0")), value.nullable);
    return made;
  }
  if (value.type == Type::kDynamic) {
    return make_value(Type::kBool, equals(text_of(value), quoted("true")), false);
  }
  return fail(error_at(expr.span, ErrorCode::kInvalidInput,
                       "a condition must be bool, not " + type_text(value.type)));
}

Result<Value> Binder::constant(const Expr& expr, const EnvPtr& env) {
  Scope scope{.env = env};
  Value value = TRY(scalar(expr, scope));
  if (!value.is_constant() || value.is_null_constant()) {
    blocked_ = blocked_ || options_.first_results.size() < first_.size();
  }
  if (!value.is_constant()) {
    return fail(error_at(expr.span, ErrorCode::kUnsupported, "a constant is needed here"));
  }
  return value;
}

Result<Value> Binder::converted(const Value& value, Type type, Span span) {
  if (auto wider = widen(value, type)) {
    wider->name = value.name;
    return *wider;
  }
  if (type == Type::kInt && value.type == Type::kLong) {
    if (const auto number = value.number();
        number && *number == static_cast<std::int32_t>(*number)) {
      return constant_value(type, *number);
    }
    return cast_value(type, value.sql, value.nullable);
  }
  if (value.type == Type::kReal && is_integer(type) && value.constant &&
      !value.is_null_constant()) {
    return constant_value(type, static_cast<std::int64_t>(std::get<double>(*value.constant)));
  }
  if (type == Type::kDynamic) {
    Value made = dynamic_value(json_of(value));
    if (const auto* text = value.text(); text != nullptr && value.type == Type::kString) {
      made.constant.reset();
    }
    return made;
  }
  if (type == Type::kString && value.type == Type::kDynamic) {
    return string_value(text_of(value));
  }
  return fail(error_at(span, ErrorCode::kInvalidInput,
                       "expected " + type_text(type) + ", found " + type_text(value.type)));
}

Result<Value> Binder::binary(const Expr& expr, Scope& scope) {
  const std::string& op = expr.text;
  // `col : "text"` and `* has "text"` over every text column.
  if (expr.children[0]->kind == Expr::Kind::kStar) {
    return fail(error_at(expr.children[0]->span, ErrorCode::kUnsupported,
                         "'*' is not supported here; use search"));
  }
  Value left = TRY(scalar(*expr.children[0], scope));
  Value right = TRY(scalar(*expr.children[1], scope));
  if (op == "+" || op == "-" || op == "*" || op == "/" || op == "%") {
    return arithmetic(op, left, right, expr.span);
  }
  if (op == "==" || op == "!=" || op == "<>" || op == "<" || op == ">" || op == "<=" ||
      op == ">=") {
    return compare(op == "<>" ? "!=" : std::string_view(op), std::move(left), std::move(right),
                   expr.span, true);
  }
  if (op == "matches regex" || op.find("has") != std::string::npos) {
    right = TRY(evaluated(right));
  }
  return text_operator(op, left, right, expr.children[1]->span, expr.span);
}

Result<Value> Binder::between(const Expr& expr, Scope& scope) {
  const Value value = TRY(scalar(*expr.children[0], scope));
  const Value low = TRY(scalar(*expr.children[1], scope));
  Value high = TRY(scalar(*expr.children[2], scope));
  if (value.type == Type::kDateTime && high.type == Type::kTimespan) {
    high = TRY(arithmetic("+", low, high, expr.children[2]->span));
  }
  const Value from = TRY(compare(">=", value, low, expr.span, true));
  const Value to = TRY(compare("<=", value, high, expr.span, true));
  Sql both = and_({from.sql, to.sql});
  const bool nullable = from.nullable || to.nullable;
  return make_value(Type::kBool, expr.text == "!between" ? not_(std::move(both)) : std::move(both),
                    nullable);
}

// ---- paths into dynamics
// ---------------------------------------------------------------------------

Result<Value> Binder::member_access(const Expr& expr, Scope& scope) {
  // $left.x and $right.x of a join.
  if (expr.kind == Expr::Kind::kMember && expr.children[0]->kind == Expr::Kind::kName &&
      (expr.children[0]->text == "$left" || expr.children[0]->text == "$right")) {
    const Relation* side = expr.children[0]->text == "$left" ? scope.row : scope.right;
    if (side == nullptr) {
      return fail(error_at(expr.span, ErrorCode::kInvalidInput,
                           "$left and $right stand in the `on` of a join only"));
    }
    if (const Column* column = side->find(expr.text)) {
      return named(column->value, column->name);
    }
    Scope one{.row = side, .env = scope.env};
    return fail(unknown_column(expr.text, expr.span, one));
  }
  std::vector<const Expr*> steps;
  const Expr* base = &expr;
  while (base->kind == Expr::Kind::kMember || base->kind == Expr::Kind::kIndex) {
    steps.push_back(base);
    base = base->children[0].get();
  }
  std::reverse(steps.begin(), steps.end());
  Value value = TRY(scalar(*base, scope));
  if (value.type == Type::kString && value.column != nullptr) {
    // Columns of the product's schema that hold JSON as text are opened as if by parse_json.
    return fail(error_at(expr.span, ErrorCode::kInvalidInput,
                         "a path needs a dynamic, and this is string; use parse_json()"));
  }
  if (value.type != Type::kDynamic) {
    return fail(error_at(expr.span, ErrorCode::kInvalidInput,
                         "a path needs a dynamic, and this is " + type_text(value.type)));
  }
  std::string name = value.name;
  Sql json;
  std::vector<Sql> keys;
  std::vector<Sql> guards;
  const auto flush = [&]() {
    if (!keys.empty()) {
      std::vector<Sql> arguments{json};
      arguments.insert(arguments.end(), keys.begin(), keys.end());
      json = kql::call("JSONExtractRaw", std::move(arguments));
      keys.clear();
    }
  };
  bool first = true;
  for (const Expr* step : steps) {
    std::optional<std::int64_t> index;
    std::optional<std::string> key;
    Value by;
    if (step->kind == Expr::Kind::kMember) {
      key = step->text;
    } else {
      by = TRY(scalar(*step->children[1], scope));
      index = is_integer(by.type) ? by.number() : std::nullopt;
      if (by.type == Type::kString && by.text() != nullptr) {
        key = *by.text();
      }
    }
    if (!name.empty()) {
      name += key ? "_" + *key : index ? "_" + std::to_string(*index) : "";
    }
    if (first && value.as_array && index) {
      json = element(value.sql, int64(*index >= 0 ? *index + 1 : *index));
      first = false;
      continue;
    }
    if (first) {
      json = dynamic_of(value);
      first = false;
    }
    if (key) {
      // JSONExtract by a key on an array gives nothing, as in Kusto.
      keys.push_back(param_text(*key));
    } else if (index || is_integer(by.type)) {
      flush();
      const Sql place = index
                            ? int64(*index >= 0 ? *index + 1 : *index)
                            : kql::call("toInt64", {if_(infix(">=", by.sql, keyword("0")),
                                                        infix("+", by.sql, keyword("1")), by.sql)});
      const Sql at = by.nullable && !index ? if_null(place, int64(1'000'000'000)) : place;
      json = once(json, [&](const Sql& whole) {
        return if_(equals(kql::call("JSONType", {whole}), quoted("Array")),
                   kql::call("JSONExtractRaw", {whole, at}), quoted(""));
      });
    } else if (by.type == Type::kString || by.type == Type::kDynamic) {
      keys.push_back(text_of(by));
    } else {
      return fail(error_at(step->children[1]->span, ErrorCode::kInvalidInput,
                           "an index must be a number or a text, not " + type_text(by.type)));
    }
  }
  flush();
  return named(dynamic_value(std::move(json)), std::move(name));
}

}  // namespace spoor::kql
