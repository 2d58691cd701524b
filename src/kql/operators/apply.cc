// mv-apply: a sub-query over the elements of each row.

#include <algorithm>

#include "kql/emit/forms.h"
#include "kql/operators/operators.h"

namespace spoor::kql {

Bound bind_apply(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  // Each row gets a number; the sub-query's operators keep the rows of one number together.
  auto numbered = node_over(Node::Kind::kWindow, input.plan);
  const Column row = binder.define(
      *numbered, "$row",
      make_value(Type::kLong, call("toInt64", {over(call("row_number", {}), "", {})}), false));
  input.plan = std::move(numbered);
  const std::vector<Column> outer = input.columns;
  Relation inner = TRY(bind_expand(binder, op, std::move(input), env));
  for (const auto& step : op.tables[0]->operators) {
    const std::string& name = step->name;
    if (name == "where" || name == "filter") {
      inner = TRY(bind_where(binder, *step, std::move(inner), env));
    } else if (name == "extend") {
      inner = TRY(bind_extend(binder, *step, std::move(inner), env));
    } else if (name == "project" || name == "project-away") {
      // The columns of the row outlive the projection of its elements.
      Relation projected = name == "project"
                               ? TRY(bind_project(binder, *step, std::move(inner), env))
                               : TRY(bind_project_away(binder, *step, std::move(inner)));
      std::vector<Column> columns;
      for (const auto& column : outer) {
        if (projected.find(column.name) == nullptr) {
          columns.push_back(column);
        }
      }
      columns.insert(columns.end(), projected.columns.begin(), projected.columns.end());
      projected.columns = std::move(columns);
      inner = std::move(projected);
    } else if (name == "summarize") {
      Relation grouped = TRY(bind_summarize(binder, *step, inner, env));
      auto node = std::make_shared<Node>(*grouped.plan);
      // Grouped by the row as well; the row's own columns come along, one value each.
      node->keys.push_back({binder.fresh(), row.value.sql});
      std::vector<Column> columns;
      for (const auto& column : outer) {
        if (grouped.find(column.name) != nullptr) {
          continue;
        }
        const Sql plain =
            column.value.type == Type::kDynamic ? dynamic_of(column.value) : column.value.sql;
        Value kept = make_value(column.value.type, member(call("any", {tuple({plain})}), 1),
                                column.value.nullable);
        Column made = binder.define(*node, column.name, kept);
        made.hidden = column.hidden;
        columns.push_back(std::move(made));
      }
      columns.insert(columns.end(), grouped.columns.begin(), grouped.columns.end());
      const bool last = &step == &op.tables[0]->operators.back();
      if (!last) {
        return fail(error_at(step->span, ErrorCode::kUnsupported,
                             "operators after summarize inside mv-apply are not supported"));
      }
      inner = Relation{};
      inner.plan = std::move(node);
      inner.columns = std::move(columns);
    } else if (name == "top" && step->by.size() == 1) {
      Relation sorted = TRY(bind_sort(binder, step->by, step->by_orderings, std::move(inner), env));
      const auto count = TRY(binder.constant(*step->exprs[0], env)).number();
      if (!count || *count < 0) {
        return fail(error_at(step->exprs[0]->span, ErrorCode::kInvalidInput,
                             "top needs a number of rows, 0 or more"));
      }
      auto node = node_over(Node::Kind::kLimitBy, sorted.plan);
      node->number = *count;
      node->keys.push_back({row.value.sql->number, row.value.sql});
      node->sort = sorted.order;
      sorted.plan = std::move(node);
      inner = std::move(sorted);
    } else if (name == "take" || name == "limit") {
      const auto count = TRY(binder.constant(*step->exprs[0], env)).number();
      auto node = node_over(Node::Kind::kLimitBy, inner.plan);
      node->number = std::max<std::int64_t>(count.value_or(0), 0);
      node->keys.push_back({row.value.sql->number, row.value.sql});
      inner.plan = std::move(node);
    } else {
      return fail(error_at(step->span, ErrorCode::kUnsupported,
                           "the operator " + name + " inside mv-apply is not supported"));
    }
  }
  inner.serialized = false;
  inner.order.clear();
  return inner;
}

}  // namespace spoor::kql
