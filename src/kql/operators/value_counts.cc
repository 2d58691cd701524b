// evaluate value_counts: how often each value of each column occurs, in one reading of the rows.

#include "kql/emit/forms.h"
#include "kql/operators/operators.h"

namespace spoor::kql {
namespace {

constexpr std::size_t kMostColumns = 32;

}  // namespace

Bound bind_value_counts(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  const Expr& call_expr = *op.exprs[0];
  if (call_expr.children.empty() || call_expr.children.size() > kMostColumns) {
    return fail(error_at(call_expr.span, ErrorCode::kInvalidInput,
                         "value_counts() takes 1 to 32 columns of text"));
  }
  Scope scope{.row = &input, .env = env};
  auto counted = node_over(Node::Kind::kAggregate, input.plan);
  counted->each_key = true;
  // Of a row, the key that it counts is the one that is grouped.
  std::vector<Sql> names;
  std::vector<Sql> values;
  for (const auto& argument : call_expr.children) {
    const Value value = TRY(binder.scalar(*argument, scope));
    if (value.type != Type::kString || value.sql->kind != SqlNode::Kind::kColumn) {
      return fail(error_at(argument->span, ErrorCode::kInvalidInput,
                           "value_counts() takes 1 to 32 columns of text"));
    }
    const ColumnId key = binder.fresh();
    const ColumnId is_other = binder.fresh();
    counted->keys.push_back({key, value.sql});
    counted->definitions.push_back({is_other, call("grouping", {value.sql})});
    const Sql is_it = equals(column(is_other), keyword("0"));
    names.push_back(is_it);
    names.push_back(param_text(value.name));
    values.push_back(is_it);
    values.push_back(cast(column(key), "String"));
  }
  names.push_back(quoted(""));
  values.push_back(quoted(""));
  Relation made;
  const Column rows = binder.define(
      *counted, "Rows",
      make_value(Type::kLong, cast(call("toInt64", {call("count", {})}), "Int64"), false));
  auto shown = node_over(Node::Kind::kProject, counted);
  shown->opaque = true;
  made.columns.push_back(
      binder.define(*shown, "Column", string_value(call("multiIf", std::move(names)))));
  made.columns.push_back(
      binder.define(*shown, "Value", string_value(call("multiIf", std::move(values)))));
  const ColumnId count = binder.fresh();
  shown->definitions.push_back({count, rows.value.sql});
  Column last{"Rows", make_value(Type::kLong, column(count), false)};
  last.value.name = "Rows";
  made.columns.push_back(std::move(last));
  made.plan = std::move(shown);
  return made;
}

}  // namespace spoor::kql
