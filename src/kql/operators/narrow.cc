// evaluate narrow: every cell as a row of its own: Row, Column, Value.

#include "kql/emit/forms.h"
#include "kql/operators/operators.h"

namespace spoor::kql {

Bound bind_narrow(Binder& binder, const Operator& op, Relation input) {
  if (!op.exprs[0]->children.empty()) {
    return fail(
        error_at(op.exprs[0]->span, ErrorCode::kInvalidInput, "narrow() takes no arguments"));
  }
  auto numbered = node_over(Node::Kind::kWindow, input.plan);
  const Column row = binder.define(
      *numbered, "Row",
      make_value(Type::kLong,
                 infix("-", call("toInt64", {over(call("row_number", {}), "", {})}), int64(1)),
                 false));
  auto cells = node_over(Node::Kind::kProject, numbered);
  std::vector<Sql> names;
  std::vector<Sql> values;
  for (const auto& column : input.columns) {
    if (!column.hidden) {
      names.push_back(param_text(column.name));
      values.push_back(text_of(column.value));
    }
  }
  const ColumnId all_names = binder.fresh();
  const ColumnId all_values = binder.fresh();
  cells->definitions.push_back({all_names, array(std::move(names))});
  cells->definitions.push_back({all_values, array(std::move(values))});
  auto expand = node_over(Node::Kind::kExpand, cells);
  const ColumnId name = binder.fresh();
  const ColumnId value = binder.fresh();
  expand->definitions.push_back({name, column(all_names)});
  expand->definitions.push_back({value, column(all_values)});
  Relation made;
  made.columns.push_back(row);
  Column of_name{"Column", string_value(column(name))};
  of_name.value.name = "Column";
  Column of_value{"Value", string_value(column(value))};
  of_value.value.name = "Value";
  made.columns.push_back(std::move(of_name));
  made.columns.push_back(std::move(of_value));
  made.plan = std::move(expand);
  return made;
}

}  // namespace spoor::kql
