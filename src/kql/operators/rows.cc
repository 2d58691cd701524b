// sort, top, take, sample, count, distinct.

#include "kql/emit/forms.h"
#include "kql/operators/operators.h"

namespace spoor::kql {

Bound bind_sort(Binder& binder, const std::vector<ExprPtr>& keys,
                const std::vector<Ordering>& orderings, Relation input, const EnvPtr& env) {
  auto before = node_over(Node::Kind::kProject, input.plan);
  auto node = std::make_shared<Node>();
  node->kind = Node::Kind::kSort;
  bool names_event = false;
  bool begins_with_time = false;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Expr& expr = keys[i]->kind == Expr::Kind::kNamed ? *keys[i]->children[0] : *keys[i];
    Scope scope{.row = &input, .env = env};
    Value value = TRY(binder.scalar(expr, scope));
    if (value.type == Type::kDynamic) {
      value = string_value(text_of(value));
    }
    SortKey key;
    key.descending = orderings[i].descending;
    key.nulls_first = orderings[i].nulls_first;
    key.say_nulls = value.nullable || value.type == Type::kReal;
    const bool plain =
        value.column != nullptr && value.raw && value.column->absent != schema::Absent::kEpoch;
    if (plain) {
      names_event = names_event || value.column->name == "EventId";
      begins_with_time = begins_with_time || (i == 0 && value.column->name == "Timestamp");
    }
    if (value.is_constant()) {
      continue;
    }
    if (value.sql->kind == SqlNode::Kind::kColumn) {
      key.sql = value.sql;
    } else {
      const ColumnId id = binder.fresh();
      before->definitions.push_back({id, value.sql});
      key.sql = column(id);
    }
    node->sort.push_back(std::move(key));
  }
  if (!node->sort.empty()) {
    const bool last_descending = node->sort.back().descending;
    for (const auto& each : input.columns) {
      if (each.name == "EventId" && each.hidden && each.value.column != nullptr && !names_event) {
        // Ties come in one order: pages and detections repeat.
        node->sort.push_back({each.value.sql, last_descending, false, false});
      }
    }
    for (const auto& each : input.columns) {
      if (each.name == "DeviceId" && each.value.column != nullptr && each.value.raw &&
          begins_with_time && input.pinned.contains("DeviceId")) {
        // The device is fixed, so this changes nothing but lets the engine read in the order of its
        // key.
        node->sort.insert(node->sort.begin(),
                          {each.value.raw, node->sort.front().descending, false, false});
      }
    }
    node->inputs.push_back(before->definitions.empty() ? input.plan : NodePtr(before));
    input.order = node->sort;
    input.plan = std::move(node);
  }
  input.serialized = true;
  return input;
}

Bound bind_take(Binder& binder, const Operator& op, const Expr& count, Relation input,
                const EnvPtr& env) {
  const auto number = TRY(binder.constant(count, env)).number();
  if (!number || *number < 0) {
    return fail(error_at(count.span, ErrorCode::kInvalidInput,
                         op.name + " needs a number of rows, 0 or more"));
  }
  auto node = node_over(Node::Kind::kLimit, input.plan);
  node->number = *number;
  input.plan = std::move(node);
  return input;
}

Bound bind_sample(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  if (op.name == "sample-distinct") {
    Operator distinct;
    distinct.name = "distinct";
    distinct.span = op.span;
    auto copy = std::make_unique<Expr>();
    if (op.by[0]->kind != Expr::Kind::kName) {
      return fail(error_at(op.by[0]->span, ErrorCode::kUnsupported,
                           "sample-distinct of an expression is not supported; extend it before"));
    }
    copy->kind = Expr::Kind::kName;
    copy->text = op.by[0]->text;
    copy->span = op.by[0]->span;
    distinct.exprs.push_back(std::move(copy));
    input = TRY(bind_distinct(binder, distinct, std::move(input), env));
  } else {
    auto sort = node_over(Node::Kind::kSort, input.plan);
    sort->sort.push_back({call("rand", {}), false, false, false});
    input.plan = std::move(sort);
  }
  input.serialized = false;
  return bind_take(binder, op, *op.exprs[0], std::move(input), env);
}

Bound bind_count(Binder& binder, Relation input) {
  auto node = node_over(Node::Kind::kAggregate, input.plan);
  Relation made;
  made.columns.push_back(binder.define(
      *node, "Count", make_value(Type::kLong, call("toInt64", {call("count", {})}), false)));
  made.plan = std::move(node);
  return made;
}

Bound bind_distinct(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  auto columns = TRY(bind_columns(binder, op.exprs, input, env, "Column"));
  auto node = node_over(Node::Kind::kAggregate, input.plan);
  Relation made;
  for (const auto& column : columns) {
    if (column.value.type == Type::kDynamic) {
      Error error = error_at(op.span, ErrorCode::kInvalidInput,
                             "distinct does not take the dynamic column " + column.name);
      error.hint = "use tostring(" + column.name + ")";
      if (op.exprs.size() > 1 || op.exprs[0]->kind != Expr::Kind::kStar) {
        return fail(std::move(error));
      }
    }
    const ColumnId id = binder.fresh();
    Sql key = column.value.type == Type::kReal
                  ? one_nan(infix("+", column.value.sql, param_real(0)))
                  : column.value.sql;
    if (column.value.type == Type::kDynamic) {
      key = dynamic_of(column.value);
    }
    node->keys.push_back({id, key});
    Column kept;
    kept.name = column.name;
    kept.value = make_value(column.value.type, kql::column(id), column.value.nullable);
    kept.value.name = column.name;
    made.columns.push_back(std::move(kept));
  }
  made.plan = std::move(node);
  return made;
}

}  // namespace spoor::kql
