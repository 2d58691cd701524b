// mv-apply: a sub-query over the elements of each row; and the steps of a sub-query by key, which
// partition shares.

#include <algorithm>

#include "kql/emit/forms.h"
#include "kql/operators/operators.h"

namespace spoor::kql {

Bound bind_steps(Binder& binder, const Operator& op, Relation inner, Column key,
                 const std::vector<Column>& outer, const EnvPtr& env) {
  inner.divided = {key.value};
  // The columns of the row outlive the projection of its elements.
  const auto with_outer = [&](Relation relation) {
    std::vector<Column> columns;
    for (const auto& column : outer) {
      if (relation.find(column.name) == nullptr) {
        columns.push_back(column);
      }
    }
    columns.insert(columns.end(), relation.columns.begin(), relation.columns.end());
    relation.columns = std::move(columns);
    return relation;
  };
  const auto limited = [&](Relation relation, const Expr& count, std::string_view name) -> Bound {
    const auto number = TRY(binder.constant(count, env)).number();
    if (!number || *number < 0) {
      return fail(error_at(count.span, ErrorCode::kInvalidInput,
                           std::string(name) + " needs a number of rows, 0 or more"));
    }
    auto node = node_over(Node::Kind::kLimitBy, relation.plan);
    node->number = *number;
    node->keys.push_back({key.value.sql->number, key.value.sql});
    node->sort = relation.order;
    relation.plan = std::move(node);
    return relation;
  };
  for (const auto& step : op.tables[0]->operators) {
    const std::string& name = step->name;
    if (name == "where" || name == "filter") {
      inner = TRY(bind_where(binder, *step, std::move(inner), env));
    } else if (name == "extend") {
      inner = TRY(bind_extend(binder, *step, std::move(inner), env));
    } else if (name == "project") {
      inner = with_outer(TRY(bind_project(binder, *step, std::move(inner), env)));
    } else if (name == "project-away" || name == "project-keep") {
      inner = with_outer(TRY(bind_project_away(binder, *step, std::move(inner))));
    } else if (name == "serialize" || name == "project-rename" || name == "project-reorder" ||
               name == "mv-expand" || name == "parse" || name == "as") {
      EnvPtr inner_env = env;
      auto divided = inner.divided;
      inner = TRY(bind_operator(binder, *step, std::move(inner), inner_env));
      inner.divided = std::move(divided);
    } else if (name == "scan" && outer.empty()) {
      inner = TRY(bind_scan(binder, *step, std::move(inner), env));
      key.value = inner.divided[0];
    } else if (name == "sort" || name == "order") {
      inner = TRY(bind_sort(binder, step->exprs, step->orderings, std::move(inner), env));
    } else if (name == "summarize" || name == "count") {
      if (&step != &op.tables[0]->operators.back()) {
        return fail(
            error_at(step->span, ErrorCode::kUnsupported,
                     "operators after " + name + " inside " + op.name + " are not supported"));
      }
      Relation grouped;
      if (name == "count") {
        Operator all;
        all.name = "count";
        all.span = step->span;
        grouped = TRY(bind_summarize(binder, all, inner, env, {key}));
        auto node = std::make_shared<Node>(*grouped.plan);
        grouped.columns.push_back(binder.define(
            *node, "Count", make_value(Type::kLong, call("toInt64", {call("count", {})}), false)));
        grouped.plan = std::move(node);
      } else {
        grouped = TRY(bind_summarize(binder, *step, inner, env, {key}));
      }
      // The key is no column of the answer; the row's own columns come along, one value each.
      std::erase_if(grouped.columns, [&](const Column& each) { return each.name == key.name; });
      auto node = std::make_shared<Node>(*grouped.plan);
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
      inner = Relation{};
      inner.plan = std::move(node);
      inner.columns = std::move(columns);
    } else if (name == "top") {
      Relation sorted = TRY(bind_sort(binder, step->by, step->by_orderings, std::move(inner), env));
      inner = TRY(limited(std::move(sorted), *step->exprs[0], name));
    } else if (name == "take" || name == "limit") {
      inner = TRY(limited(std::move(inner), *step->exprs[0], name));
    } else {
      return fail(error_at(step->span, ErrorCode::kUnsupported,
                           "the operator " + name + " inside " + op.name + " is not supported"));
    }
  }
  return inner;
}

Bound bind_apply(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  // Each row gets a number; the sub-query's operators keep the rows of one number together.
  auto numbered = node_over(Node::Kind::kWindow, input.plan);
  const Column row = binder.define(
      *numbered, "$row",
      make_value(Type::kLong, call("toInt64", {over(call("row_number", {}), "", {})}), false));
  input.plan = std::move(numbered);
  // What is expanded stands for its elements, so that it is no column of the row any more.
  std::vector<Column> outer;
  for (const auto& column : input.columns) {
    const bool expanded = std::any_of(op.exprs.begin(), op.exprs.end(), [&](const ExprPtr& expr) {
      return expr->kind == Expr::Kind::kNamed ? expr->names[0] == column.name
                                              : expr->text == column.name;
    });
    if (!expanded) {
      outer.push_back(column);
    }
  }
  Relation expanded = TRY(bind_expand(binder, op, std::move(input), env));
  Relation made = TRY(bind_steps(binder, op, std::move(expanded), row, outer, env));
  made.serialized = false;
  made.order.clear();
  made.divided.clear();
  return made;
}

}  // namespace spoor::kql
