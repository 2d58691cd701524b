// Calls: the registry's functions, functions of let, and those that need more than their arguments.

#include <algorithm>

#include "base/text.h"
#include "kql/bind/binder.h"
#include "kql/emit/forms.h"

namespace spoor::kql {
namespace {

std::string count_text(std::uint16_t low, std::uint16_t high) {
  const std::string few = std::to_string(low);
  if (low == high) {
    return few + (low == 1 ? " argument" : " arguments");
  }
  return high >= kMany ? "at least " + few + " arguments"
                       : few + " to " + std::to_string(high) + " arguments";
}

Error unknown_function(const Expr& expr) {
  static const std::vector<std::string_view> kProduct = {
      "FileProfile", "SeenBy", "DeviceFromIP", "AssignedIPAddresses", "_GetWatchlist", "invoke"};
  if (std::find(kProduct.begin(), kProduct.end(), expr.text) != kProduct.end() ||
      expr.text.starts_with("_Im_") || expr.text.starts_with("series_")) {
    return error_at(expr.span, ErrorCode::kUnsupported,
                    "the function " + expr.text + " is not supported");
  }
  Error error = error_at(expr.span, ErrorCode::kInvalidInput, "unknown function " + expr.text);
  auto names = registry().function_names();
  for (const auto name : registry().aggregate_names()) {
    names.push_back(name);
  }
  if (const auto near = nearest_name(expr.text, names); !near.empty()) {
    error.hint = "did you mean " + std::string(near) + "?";
  }
  return error;
}

}  // namespace

Result<void> Binder::coerce(const ArgSpec& spec, Value& value, Span span,
                            std::string_view function) {
  if ((spec.types & one_of(value.type)) == 0 && value.is_null_constant()) {
    for (const Type type : {Type::kString, Type::kLong, Type::kDateTime, Type::kDynamic,
                            Type::kReal, Type::kBool, Type::kTimespan}) {
      if ((spec.types & one_of(type)) != 0) {
        value = *widen(value, type);
        return {};
      }
    }
  }
  if ((spec.types & one_of(value.type)) == 0) {
    std::optional<Value> changed;
    for (const Type type : {Type::kLong, Type::kReal}) {
      if ((spec.types & one_of(type)) != 0 && !changed && is_number(value.type)) {
        changed = widen(value, type);
      }
    }
    if (!changed && value.type == Type::kDynamic && (spec.types & kStrings) != 0) {
      changed = string_value(text_of(value));
    }
    if (!changed && value.type == Type::kGuid && (spec.types & kStrings) != 0) {
      changed = string_value(text_of(value));
    }
    if (!changed && value.type == Type::kString && spec.types == kDynamics) {
      // A text where a dynamic is needed is the JSON string.
      changed = dynamic_value(json_of(value));
    }
    if (!changed && value.type == Type::kDynamic && (spec.types & kBools) != 0) {
      changed = make_value(Type::kBool, equals(text_of(value), quoted("true")), false);
    }
    if (!changed && is_number(value.type) && spec.types == kBools) {
      changed = make_value(Type::kBool, infix("!=", value.sql, keyword("0")), value.nullable);
    }
    if (!changed && value.type == Type::kDynamic && (spec.types & kNumbers) != 0) {
      const Type type = (spec.types & one_of(Type::kReal)) != 0 ? Type::kReal : Type::kLong;
      const Sql json = dynamic_of(value);
      changed = make_value(
          type,
          once(json,
               [&](const Sql& each) {
                 return if_(infix("IN", kql::call("JSONType", {each}),
                                  keyword("('Int64', 'UInt64', 'Double')")),
                            kql::call("JSONExtract",
                                      {each, quoted(type == Type::kReal ? "Nullable(Float64)"
                                                                        : "Nullable(Int64)")}),
                            null());
               }),
          true);
    }
    if (!changed) {
      std::string wanted;
      for (const Type type : {Type::kBool, Type::kInt, Type::kLong, Type::kReal, Type::kString,
                              Type::kDateTime, Type::kTimespan, Type::kDynamic, Type::kGuid}) {
        if ((spec.types & one_of(type)) != 0) {
          wanted += (wanted.empty() ? "" : " or ") + std::string(schema::type_name(type));
        }
      }
      Error error =
          error_at(span, ErrorCode::kInvalidInput,
                   std::string(function) + "() needs " + wanted + " for " + std::string(spec.name) +
                       ", found " + std::string(schema::type_name(value.type)));
      return fail(std::move(error));
    }
    changed->name = value.name;
    value = std::move(*changed);
  }
  if (spec.constant && !value.is_constant()) {
    return fail(
        error_at(span, ErrorCode::kUnsupported,
                 std::string(function) + "() needs a constant for " + std::string(spec.name)));
  }
  return {};
}

namespace {

struct Arguments {
  std::vector<Value> values;
  std::vector<Span> spans;
  std::vector<std::string_view> labels;
};

template <class Spec>
Result<void> check_count(const Spec& spec, const Expr& expr) {
  if (!spec.refused.empty()) {
    return fail(error_at(expr.span, ErrorCode::kUnsupported,
                         expr.text + "() is not supported: " + std::string(spec.refused)));
  }
  if (expr.children.size() < spec.min_args || expr.children.size() > spec.max_args) {
    return fail(error_at(expr.span, ErrorCode::kInvalidInput,
                         expr.text + "() takes " + count_text(spec.min_args, spec.max_args) +
                             ", found " + std::to_string(expr.children.size())));
  }
  return {};
}

template <class Spec>
Result<Arguments> bind_arguments(Binder& binder, const Spec& spec, const Expr& expr, Scope& scope) {
  Arguments made;
  for (std::size_t i = 0; i < expr.children.size(); ++i) {
    const Expr* child = expr.children[i].get();
    made.labels.emplace_back();
    if (child->kind == Expr::Kind::kNamed) {
      made.labels.back() = child->names[0];
      child = child->children[0].get();
    }
    Value value;
    if (child->kind == Expr::Kind::kStar) {
      return fail(
          error_at(child->span, ErrorCode::kUnsupported, expr.text + "(*) is not supported"));
    }
    value = TRY(binder.scalar(*child, scope));
    static const ArgSpec kAny{"value"};
    const ArgSpec& arg = spec.args.empty() ? kAny : spec.args[std::min(i, spec.args.size() - 1)];
    TRY_VOID(binder.coerce(arg, value, child->span, expr.text));
    if (!made.labels.back().empty()) {
      value.name = made.labels.back();  // f(a = x) names the column as a = f(x) would
    }
    made.values.push_back(std::move(value));
    made.spans.push_back(child->span);
  }
  return made;
}

Call call_of(const Expr& expr, Arguments& arguments, const Scope& scope, Ticks now) {
  Call made{.name = expr.text,
            .span = expr.span,
            .args = arguments.values,
            .spans = arguments.spans,
            .labels = arguments.labels,
            .now = now,
            .columns = {},
            .has_by = scope.has_by};
  const Relation* row = scope.row;
  made.columns = [row]() {
    std::vector<VisibleColumn> columns;
    if (row != nullptr) {
      for (const auto& column : row->columns) {
        columns.push_back({column.name, column.value, column.hidden});
      }
    }
    return columns;
  };
  return made;
}

}  // namespace

Result<Value> Binder::call(const Expr& expr, Scope& scope) {
  if (const auto* found = lookup(scope.env, expr.text);
      found != nullptr && (*found)->kind == Binding::Kind::kFunction) {
    const Binding& binding = **found;
    if (++calls_ > 64) {
      return fail(error_at(expr.span, ErrorCode::kLimit, "functions are nested too deeply"));
    }
    const EnvPtr inner = TRY(call_env(expr, binding, scope));
    const Expr& body = *binding.expr->children[0];
    if (is_table(body, inner)) {
      return fail(error_at(expr.span, ErrorCode::kInvalidInput,
                           expr.text + "() is a table, not a value; use toscalar()"));
    }
    // The body sees its parameters, not the columns of the row.
    Scope within = scope;
    within.row = nullptr;
    within.env = inner;
    auto value = scalar(body, within);
    --calls_;
    if (value) {
      value->name.clear();
    }
    return value;
  }
  bool known = false;
  Value special = TRY(special_call(expr, scope, known));
  if (known) {
    return special;
  }
  const FunctionSpec* spec = registry().function(expr.text);
  if (spec == nullptr) {
    if (registry().aggregate(expr.text) != nullptr || expr.text == "arg_max" ||
        expr.text == "arg_min" || expr.text == "take_any") {
      if (scope.aggregates && !scope.in_aggregate) {
        return aggregate(expr, scope);
      }
      return fail(error_at(expr.span, ErrorCode::kInvalidInput,
                           expr.text + "() is an aggregate: it stands in summarize only"));
    }
    return fail(unknown_function(expr));
  }
  TRY_VOID(check_count(*spec, expr));
  Arguments arguments = TRY(bind_arguments(*this, *spec, expr, scope));
  const std::string first = arguments.values.empty() ? std::string() : arguments.values[0].name;
  const Call made = call_of(expr, arguments, scope, options_.now);
  Value value = TRY(spec->emit(made));
  value.name = spec->naming == Naming::kFirst ? first
               : spec->naming == Naming::kPrefixed && !first.empty()
                   ? std::string(spec->prefix) + first
                   : std::string();
  return value;
}

Result<std::vector<Value>> Binder::aggregates(const Expr& expr, Scope& scope) {
  const AggregateSpec* spec = registry().aggregate(expr.text);
  if (spec == nullptr) {
    return fail(unknown_function(expr));
  }
  TRY_VOID(check_count(*spec, expr));
  Scope inner = scope;
  inner.in_aggregate = true;
  Arguments arguments = TRY(bind_arguments(*this, *spec, expr, inner));
  const std::string first = arguments.values.empty() ? std::string() : arguments.values[0].name;
  const Call made = call_of(expr, arguments, scope, options_.now);
  if (spec->emit_many) {
    return spec->emit_many(made);
  }
  std::vector<Value> values{TRY(spec->emit(made))};
  values[0].name = spec->naming == Naming::kFirst      ? first
                   : spec->naming == Naming::kPrefixed ? std::string(spec->prefix) + first
                                                       : std::string(spec->prefix);
  return values;
}

Result<Value> Binder::aggregate(const Expr& expr, Scope& scope) {
  auto values = TRY(aggregates(expr, scope));
  if (values.size() != 1) {
    return fail(
        error_at(expr.span, ErrorCode::kUnsupported,
                 expr.text + "() makes several columns and cannot stand inside an expression"));
  }
  return std::move(values.front());
}

Result<Value> Binder::run_first(const Relation& relation, Span span) {
  const Column* first = nullptr;
  for (const auto& column : relation.columns) {
    if (!column.hidden) {
      first = first == nullptr ? &column : first;
    }
  }
  if (first == nullptr) {
    return fail(error_at(span, ErrorCode::kInvalidInput, "the table has no columns"));
  }
  // A list is asked for as one JSON array, so that one value carries it.
  auto node = node_over(Node::Kind::kLimit, relation.plan);
  node->number = 10'001;
  auto group = node_over(Node::Kind::kAggregate, node);
  const ColumnId id = fresh();
  group->definitions.push_back(
      {id, json_of_array(
               kql::call("groupUniqArray", {kql::call("toJSONString", {text_of(first->value)})}))});
  bool known = false;
  return first_value(group, dynamic_value(kql::column(id)), std::string("[\"\"]"), known);
}

Result<Value> Binder::special_call(const Expr& expr, Scope& scope, bool& known) {
  known = true;
  const auto arguments = [&](std::size_t low, std::size_t high) -> Result<void> {
    if (expr.children.size() < low || expr.children.size() > high) {
      return fail(error_at(
          expr.span, ErrorCode::kInvalidInput,
          expr.text + "() takes " +
              count_text(static_cast<std::uint16_t>(low), static_cast<std::uint16_t>(high)) +
              ", found " + std::to_string(expr.children.size())));
    }
    return {};
  };
  if (expr.text == "toscalar") {
    TRY_VOID(arguments(1, 1));
    if (!is_table(*expr.children[0], scope.env)) {
      return scalar(*expr.children[0], scope);
    }
    const Relation relation = TRY(table(*expr.children[0], scope.env));
    const Column* first = nullptr;
    for (const auto& column : relation.columns) {
      first = first == nullptr && !column.hidden ? &column : first;
    }
    if (first == nullptr) {
      return fail(error_at(expr.span, ErrorCode::kInvalidInput, "the table has no columns"));
    }
    auto limit = node_over(Node::Kind::kLimit, relation.plan);
    limit->number = 1;
    Constant unknown;
    if (first->value.type == Type::kDynamic) {
      unknown = std::string("[\"\"]");
    } else if (first->value.type == Type::kString) {
      unknown = std::string();
    }
    bool known = false;
    return first_value(limit, first->value, std::move(unknown), known);
  }
  if (expr.text == "typeof") {
    // typeof(long) as an argument: the type's name as text.
    TRY_VOID(arguments(1, 1));
    static const std::map<std::string_view, Type> kTypes = {
        {"bool", Type::kBool},         {"int", Type::kInt},         {"long", Type::kLong},
        {"real", Type::kReal},         {"double", Type::kReal},     {"string", Type::kString},
        {"datetime", Type::kDateTime}, {"date", Type::kDateTime},   {"timespan", Type::kTimespan},
        {"time", Type::kTimespan},     {"dynamic", Type::kDynamic}, {"guid", Type::kGuid}};
    const auto found = kTypes.find(expr.children[0]->text);
    if (found == kTypes.end()) {
      return fail(error_at(expr.children[0]->span, ErrorCode::kInvalidInput,
                           "typeof() needs the name of a type"));
    }
    return constant_value(Type::kString, std::string(schema::type_name(found->second)));
  }
  if (expr.text == "geo_info_from_ip_address") {
    TRY_VOID(arguments(1, 1));
    const Value address = TRY(scalar(*expr.children[0], scope));
    if (address.type != Type::kString && address.type != Type::kDynamic) {
      return fail(error_at(expr.children[0]->span, ErrorCode::kInvalidInput,
                           "geo_info_from_ip_address() needs a text"));
    }
    note("geo_info_from_ip_address() has no data set here: it gives null.");
    return dynamic_value(cast(quoted(""), "String"));
  }
  if (expr.text == "ingestion_time") {
    TRY_VOID(arguments(0, 0));
    const Column* column = scope.row == nullptr ? nullptr : scope.row->find("IngestTime");
    if (column == nullptr) {
      return fail(error_at(expr.span, ErrorCode::kInvalidInput,
                           "ingestion_time() stands directly over a stored table only"));
    }
    Value value = column->value;
    value.name.clear();
    return value;
  }
  if (expr.text == "materialize") {
    TRY_VOID(arguments(1, 1));
    return scalar(*expr.children[0], scope);
  }
  if (expr.text == "column_ifexists" || expr.text == "columnifexists") {
    TRY_VOID(arguments(2, 2));
    const Value name = TRY(constant(*expr.children[0], scope.env));
    if (name.text() == nullptr) {
      return fail(error_at(expr.children[0]->span, ErrorCode::kInvalidInput,
                           expr.text + "() needs a column's name as text"));
    }
    if (const Column* column = scope.row == nullptr ? nullptr : scope.row->find(*name.text())) {
      Value value = column->value;
      value.name = column->name;
      return value;
    }
    return scalar(*expr.children[1], scope);
  }
  static constexpr std::string_view kWindows[] = {
      "prev",           "next",         "row_number",        "row_cumsum",
      "row_rank_dense", "row_rank_min", "row_window_session"};
  if (std::find(std::begin(kWindows), std::end(kWindows), expr.text) != std::end(kWindows)) {
    return window_call(expr, scope);
  }
  known = false;
  return Value{};
}

Result<Value> Binder::window_call(const Expr& expr, Scope& scope) {
  if (expr.text.starts_with("row_rank") || expr.text == "row_window_session") {
    return fail(error_at(expr.span, ErrorCode::kUnsupported, expr.text + "() is not supported"));
  }
  if (!scope.windows || scope.row == nullptr) {
    return fail(error_at(expr.span, ErrorCode::kUnsupported,
                         expr.text + "() stands in extend and project only"));
  }
  if (!scope.row->serialized) {
    Error error =
        error_at(expr.span, ErrorCode::kInvalidInput, expr.text + "() needs rows in an order");
    error.hint = "put sort or serialize before it";
    return fail(std::move(error));
  }
  scope.uses_window = true;
  std::string window;
  std::vector<Sql> operands;
  for (const auto& key : scope.row->divided) {
    operands.push_back(key.sql);
    window += (operands.size() == 1 ? "PARTITION BY $" : ", $") + std::to_string(operands.size());
  }
  if (!scope.row->order.empty()) {
    window += operands.empty() ? "ORDER BY " : " ORDER BY ";
    bool leading = true;
    for (const auto& key : scope.row->order) {
      if (operands.size() >= 9) {
        break;
      }
      window += std::exchange(leading, false) ? "" : ", ";
      operands.push_back(key.sql);
      window += "$" + std::to_string(operands.size()) + (key.descending ? " DESC" : " ASC");
      window += key.nulls_first ? " NULLS FIRST" : " NULLS LAST";
    }
  }
  const std::string frame = " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING";
  Scope inner = scope;
  inner.windows = false;
  if (expr.text == "row_number") {
    std::int64_t start = 1;
    if (!expr.children.empty()) {
      start = TRY(constant(*expr.children[0], scope.env)).number().value_or(1);
    }
    if (expr.children.size() > 1) {
      return fail(error_at(expr.children[1]->span, ErrorCode::kUnsupported,
                           "row_number() with a restart is not supported"));
    }
    Sql number = kql::call("toInt64", {over(kql::call("row_number", {}), window, operands)});
    return make_value(Type::kLong, start == 1 ? number : infix("+", number, param_int(start - 1)),
                      false);
  }
  if (expr.children.empty()) {
    return fail(error_at(expr.span, ErrorCode::kInvalidInput, expr.text + "() needs an argument"));
  }
  Value value = TRY(scalar(*expr.children[0], inner));
  if (expr.text == "row_cumsum") {
    if (expr.children.size() > 1) {
      return fail(error_at(expr.children[1]->span, ErrorCode::kUnsupported,
                           "row_cumsum() with a restart is not supported"));
    }
    if (value.type == Type::kInt) {
      value = *widen(value, Type::kLong);
    }
    if (!is_number(value.type) && value.type != Type::kTimespan) {
      return fail(error_at(expr.children[0]->span, ErrorCode::kInvalidInput,
                           "row_cumsum() needs a number"));
    }
    return cast_value(value.type,
                      over(kql::call("sum", {if_null(value.sql, keyword("0"))}),
                           window + " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW", operands),
                      false);
  }
  std::int64_t distance = 1;
  if (expr.children.size() > 1) {
    const auto given = TRY(constant(*expr.children[1], scope.env)).number();
    if (!given || *given < 0) {
      return fail(error_at(expr.children[1]->span, ErrorCode::kInvalidInput,
                           expr.text + "() needs a number of rows"));
    }
    distance = *given;
  }
  const Sql plain = value.type == Type::kDynamic ? dynamic_of(value) : value.sql;
  std::vector<Sql> call_arguments{kql::call("toNullable", {plain}),
                                  keyword(std::to_string(distance))};
  Sql moved =
      over(kql::call(expr.text == "prev" ? "lagInFrame" : "leadInFrame", std::move(call_arguments)),
           window + frame, operands);
  Value made = make_value(value.type, moved, true);
  if (expr.children.size() > 2) {
    const Value otherwise =
        TRY(converted(TRY(scalar(*expr.children[2], inner)), value.type, expr.children[2]->span));
    made.sql = if_null(made.sql, otherwise.sql);
    made.nullable = otherwise.nullable;
  } else if (value.type == Type::kString || value.type == Type::kDynamic) {
    made.sql = if_null(made.sql, quoted(""));
  }
  return made;
}

}  // namespace spoor::kql
