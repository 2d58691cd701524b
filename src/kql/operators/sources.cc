// print, range, datatable and search: what a query may begin with.

#include <algorithm>

#include "base/text.h"
#include "base/ticks.h"
#include "kql/emit/forms.h"
#include "kql/emit/regex.h"
#include "kql/operators/operators.h"
#include "kql/syntax/parser.h"
#include "store/escape.h"

namespace spoor::kql {
namespace {

std::string element_text(Type type, const Constant& constant) {
  if (std::holds_alternative<std::monostate>(constant)) {
    return type == Type::kString || type == Type::kDynamic ? "''" : "NULL";
  }
  if (const auto* text = std::get_if<std::string>(&constant)) {
    return store::quote_value(*text);
  }
  if (const auto* flag = std::get_if<bool>(&constant)) {
    return *flag ? "true" : "false";
  }
  if (const auto* real = std::get_if<double>(&constant)) {
    return param_real(*real)->value;
  }
  const auto number = std::get<std::int64_t>(constant);
  return type == Type::kDateTime ? "'" + format_ticks_sql(number) + "'" : std::to_string(number);
}

}  // namespace

Relation constant_table(Binder& binder, const std::vector<ColumnDecl>& columns,
                        const std::vector<std::vector<Constant>>& rows) {
  auto node = std::make_shared<Node>();
  node->kind = Node::Kind::kValues;
  Relation made;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Type type = columns[i].type;
    std::string values = "[";
    for (const auto& row : rows) {
      values += values.size() > 1 ? "," : "";
      values += element_text(type, row[i]);
    }
    const ColumnId id = binder.fresh();
    node->definitions.push_back(
        {id, param_raw("Array(" + sql_type(type, true) + ")", values + "]")});
    Column column;
    column.name = columns[i].name;
    column.value = make_value(type, kql::column(id), true);
    column.value.name = column.name;
    made.columns.push_back(std::move(column));
  }
  made.plan = std::move(node);
  return made;
}

Bound bind_print(Binder& binder, const Operator& op, const EnvPtr& env) {
  Relation made;
  made.plan = std::make_shared<Node>();
  made.columns = TRY(bind_columns(binder, op.exprs, made, env, "print_"));
  return made;
}

Bound bind_datatable(Binder& binder, const Operator& op, const EnvPtr& env) {
  if (op.columns.empty()) {
    return fail(error_at(op.span, ErrorCode::kInvalidInput, "datatable needs columns"));
  }
  if (op.values.size() % op.columns.size() != 0) {
    return fail(error_at(op.values.back()->span, ErrorCode::kInvalidInput,
                         "the values of datatable do not fill whole rows of " +
                             std::to_string(op.columns.size()) + " columns"));
  }
  std::vector<std::vector<Constant>> rows;
  for (std::size_t i = 0; i < op.values.size(); ++i) {
    if (i % op.columns.size() == 0) {
      rows.emplace_back();
    }
    const Type type = op.columns[i % op.columns.size()].type;
    const Expr& expr = *op.values[i];
    Value value = TRY(binder.constant(expr, env));
    if (value.type == type) {
      rows.back().push_back(*value.constant);
      continue;
    }
    if (value.type == Type::kString && value.text() != nullptr) {
      const std::string& text = *value.text();
      Constant read;
      if (type == Type::kDateTime) {
        if (const auto ticks = parse_datetime(text)) {
          read = *ticks;
        }
      } else if (type == Type::kTimespan) {
        if (const auto ticks = parse_timespan(text)) {
          read = *ticks;
        }
      } else if (is_integer(type)) {
        if (const auto number = parse_int(text)) {
          read = *number;
        }
      } else if (type == Type::kDynamic) {
        auto json = parse_dynamic(text, expr.span);
        read = json ? *json : "\"" + text + "\"";
        if (!json && text.find_first_of("\"\\\n\r\t") != std::string::npos) {
          return fail(
              error_at(expr.span, ErrorCode::kUnsupported,
                       "a text with quotes cannot stand for a dynamic here; use dynamic()"));
        }
      } else if (type == Type::kGuid || type == Type::kBool) {
        if (type == Type::kGuid) {
          read = to_ascii_lower(text);
        } else {
          read = equals_ignoring_case(text, "true");
        }
      } else {
        return fail(error_at(
            expr.span, ErrorCode::kInvalidInput,
            "the value is a string, the column is " + std::string(schema::type_name(type))));
      }
      rows.back().push_back(std::move(read));
      continue;
    }
    if (type == Type::kDynamic) {
      const Constant& constant = *value.constant;
      if (const auto* flag = std::get_if<bool>(&constant)) {
        rows.back().emplace_back(std::string(*flag ? "true" : "false"));
      } else if (const auto* real = std::get_if<double>(&constant)) {
        rows.back().emplace_back(param_real(*real)->value);
      } else if (value.is_null_constant()) {
        rows.back().emplace_back();
      } else if (value.number()) {
        rows.back().emplace_back(
            value.type == Type::kDateTime   ? "\"" + format_ticks(*value.number()) + "\""
            : value.type == Type::kTimespan ? "\"" + format_timespan(*value.number()) + "\""
                                            : std::to_string(*value.number()));
      }
      continue;
    }
    if (type == Type::kString && value.number() && is_integer(value.type)) {
      rows.back().emplace_back(std::to_string(*value.number()));
      continue;
    }
    if (type == Type::kBool && value.number()) {
      rows.back().emplace_back(*value.number() != 0);
      continue;
    }
    const Value fitted = TRY(binder.converted(value, type, expr.span));
    rows.back().push_back(fitted.constant.value_or(Constant{}));
  }
  return constant_table(binder, op.columns, rows);
}

namespace {

/// Rows that a range writes out as values; a longer one is counted by the engine.
constexpr std::size_t kWrittenOut = 4096;

/// `count` values of `type` from `from` on, `step` apart.
Relation counted_range(Binder& binder, const std::string& name, Type type, const Value& from,
                       const Value& step, std::size_t count) {
  auto expand = node_over(Node::Kind::kExpand, std::make_shared<Node>());
  const ColumnId index = binder.fresh();
  expand->definitions.push_back({index, call("range", {keyword(std::to_string(count))})});
  const auto at = [&](Sql first, Sql apart, std::string_view number) {
    return infix("+", std::move(first),
                 infix("*", call(number, {column(index)}), std::move(apart)));
  };
  Sql value = type == Type::kReal ? at(param_real(std::get<double>(*from.constant)),
                                       param_real(std::get<double>(*step.constant)), "toFloat64")
                                  : at(int64(*from.number()), int64(*step.number()), "toInt64");
  if (type == Type::kDateTime) {
    value = datetime_of(std::move(value));
  } else if (type == Type::kInt) {
    value = call("toInt32", {std::move(value)});
  }
  auto values = node_over(Node::Kind::kProject, expand);
  const ColumnId id = binder.fresh();
  values->definitions.push_back({id, std::move(value)});
  Relation made;
  Column column;
  column.name = name;
  column.value = make_value(type, kql::column(id), false);
  column.value.name = name;
  made.columns.push_back(std::move(column));
  made.plan = std::move(values);
  return made;
}

}  // namespace

Bound bind_range(Binder& binder, const Operator& op, const EnvPtr& env) {
  std::vector<Value> ends;
  for (const auto& expr : op.exprs) {
    ends.push_back(TRY(binder.constant(*expr, env)));
  }
  Type type = ends[0].type;
  if (is_number(type) && is_number(ends[1].type)) {
    type = *common_type(type, ends[1].type);
    type = *common_type(type, ends[2].type == Type::kReal ? Type::kReal : Type::kLong);
  }
  const Type step_type = type == Type::kDateTime ? Type::kTimespan : type;
  if (!is_number(type) && type != Type::kDateTime && type != Type::kTimespan) {
    return fail(error_at(op.exprs[0]->span, ErrorCode::kInvalidInput,
                         "range needs numbers, datetimes or timespans"));
  }
  ends[0] = TRY(binder.converted(ends[0], type, op.exprs[0]->span));
  ends[1] = TRY(binder.converted(ends[1], type, op.exprs[1]->span));
  ends[2] = TRY(binder.converted(ends[2], step_type, op.exprs[2]->span));
  std::vector<std::vector<Constant>> rows;
  constexpr std::size_t kMost = 1'048'576;
  const auto too_many = [&]() {
    return fail(error_at(op.span, ErrorCode::kLimit, "range makes more than 1,048,576 rows"));
  };
  if (ends[0].is_null_constant() || ends[1].is_null_constant() || ends[2].is_null_constant()) {
    return fail(
        error_at(op.span, ErrorCode::kInvalidInput, "range needs values that are not null"));
  }
  if (type == Type::kReal) {
    const double from = std::get<double>(*ends[0].constant);
    const double to = std::get<double>(*ends[1].constant);
    const double step = std::get<double>(*ends[2].constant);
    for (std::size_t i = 0; step != 0; ++i) {
      const double value = from + static_cast<double>(i) * step;
      if (step > 0 ? !(value <= to) : !(value >= to)) {
        break;
      }
      if (i >= kMost) {
        return too_many();
      }
      rows.push_back({value});
    }
  } else {
    const __int128 to = *ends[1].number();
    const __int128 step = *ends[2].number();
    for (__int128 value = *ends[0].number(); step != 0 && (step > 0 ? value <= to : value >= to);
         value += step) {
      if (rows.size() >= kMost) {
        return too_many();
      }
      rows.push_back({static_cast<std::int64_t>(value)});
    }
  }
  Relation made = rows.size() > kWrittenOut
                      ? counted_range(binder, op.text, type, ends[0], ends[2], rows.size())
                      : constant_table(binder, {{op.text, {}, type}}, rows);
  made.serialized = true;
  return made;
}

namespace {

/// A term of search: over all text columns of a row.
Result<Sql> search_condition(Binder& binder, const Expr& expr, Relation& row, const EnvPtr& env) {
  if (expr.kind == Expr::Kind::kLogical) {
    std::vector<Sql> parts;
    for (const auto& child : expr.children) {
      parts.push_back(TRY(search_condition(binder, *child, row, env)));
    }
    return infix(expr.text == "and" ? "AND" : "OR", std::move(parts));
  }
  if (expr.kind == Expr::Kind::kCall && expr.text == "not" && expr.children.size() == 1) {
    return not_(TRY(search_condition(binder, *expr.children[0], row, env)));
  }
  Scope scope{.row = &row, .env = env};
  if (expr.kind != Expr::Kind::kLiteral || expr.type != Type::kString) {
    const Value value = TRY(binder.predicate(expr, scope));
    return value.nullable ? if_null(value.sql, boolean(false)) : value.sql;
  }
  std::string text = std::get<std::string>(expr.constant);
  std::string op = "has";
  const bool left = text.starts_with('*');
  const bool right = text.size() > 1 && text.ends_with('*');
  if (left) {
    text.erase(0, 1);
  }
  if (right && !text.empty()) {
    text.pop_back();
  }
  op = left && right ? "contains" : left ? "hassuffix" : right ? "hasprefix" : "has";
  if (text.find('*') != std::string::npos) {
    std::string pattern = "(?i)\\b";
    for (const auto part : split(text, '*')) {
      pattern += (pattern.size() > 6 ? ".*" : "") + escape_regex(part);
    }
    op = "matches regex";
    text = pattern + "\\b";
  }
  std::vector<Sql> parts;
  for (const auto& column : row.columns) {
    if (column.hidden ||
        (column.value.type != Type::kString && column.value.type != Type::kDynamic)) {
      continue;
    }
    parts.push_back(TRY(binder.text_operator(op, column.value, constant_value(Type::kString, text),
                                             expr.span, expr.span))
                        .sql);
  }
  return or_(std::move(parts));
}

}  // namespace

Result<std::vector<Relation>> legs_of(Binder& binder, const Operator& op,
                                      std::optional<Relation> input, const EnvPtr& env) {
  std::vector<Relation> legs;
  if (input) {
    legs.push_back(std::move(*input));
  }
  for (const auto& expr : op.tables) {
    if (expr->kind == Expr::Kind::kName && expr->text.find('*') != std::string::npos) {
      for (const auto& name : binder.tables_like(expr->text)) {
        legs.push_back(TRY(binder.scan(name, expr->span)));
      }
    } else {
      legs.push_back(TRY(binder.table(*expr, env)));
    }
  }
  if (legs.empty()) {
    for (const auto& name : binder.tables_like("*")) {
      legs.push_back(TRY(binder.scan(name, op.span)));
    }
  }
  return legs;
}

Bound bind_search(Binder& binder, const Operator& op, std::optional<Relation> input,
                  const EnvPtr& env) {
  std::vector<Relation> legs = TRY(legs_of(binder, op, std::move(input), env));
  for (auto& leg : legs) {
    auto node = node_over(Node::Kind::kFilter, leg.plan);
    node->predicates.push_back(TRY(search_condition(binder, *op.exprs[0], leg, env)));
    leg.plan = std::move(node);
    auto project = node_over(Node::Kind::kProject, leg.plan);
    Column table =
        binder.define(*project, "$table", string_value(cast(param_text(leg.table), "String")));
    leg.columns.insert(leg.columns.begin(), std::move(table));
    leg.plan = std::move(project);
  }
  if (legs.size() == 1) {
    return std::move(legs.front());
  }
  return unite(binder, std::move(legs), false, {});
}

}  // namespace spoor::kql
