// top-nested: the greatest groups of a level, and within each the greatest of the next.

#include <algorithm>

#include "kql/emit/forms.h"
#include "kql/operators/operators.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {

// A level lies in the operator as: exprs the aggregate, by the key, values the number of rows
// (null: all of them), orderings the order.
Result<void> Parser::top_nested(Operator& op) {
  for (;;) {
    op.values.push_back(at("of") ? nullptr : TRY(expression()));
    TRY_VOID(expect("of"));
    op.by.push_back(TRY(named()));
    if (at("with") && at("others", 1)) {
      return fail(error_at(peek().span, ErrorCode::kUnsupported,
                           "top-nested with others is not supported"));
    }
    TRY_VOID(expect("by"));
    op.exprs.push_back(TRY(named()));
    Ordering order;
    if (at("asc") || at("desc")) {
      order.explicit_order = true;
      order.descending = take().text == "desc";
    }
    order.nulls_first = !order.descending;
    op.orderings.push_back(order);
    if (!accept(",")) {
      return {};
    }
    std::size_t tokens = 1;
    if (hyphenated(tokens) != "top-nested") {
      return unexpected("top-nested");
    }
    at_ += tokens;
  }
}

Bound bind_top_nested(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  // The keys of all levels, computed once below everything.
  auto keys = TRY(bind_columns(binder, op.by, input, env, "Column"));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].value.type == Type::kDynamic) {
      return fail(error_at(op.by[i]->span, ErrorCode::kInvalidInput,
                           "top-nested does not group by a dynamic; use tostring()"));
    }
  }
  Relation source = input;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Column hidden = keys[i];
    hidden.name = "$key" + std::to_string(i);
    hidden.hidden = true;
    source.columns.push_back(std::move(hidden));
  }
  NodePtr joined;
  std::vector<Column> shown;
  std::vector<Column> path;
  for (std::size_t level = 0; level < op.exprs.size(); ++level) {
    Relation rows = binder.reread(source);
    std::vector<Column> by;
    for (std::size_t i = 0; i <= level; ++i) {
      by.push_back(*rows.find("$key" + std::to_string(i)));
    }
    const Expr& given = *op.exprs[level];
    const Expr& body = given.kind == Expr::Kind::kNamed ? *given.children[0] : given;
    auto group = node_over(Node::Kind::kAggregate, rows.plan);
    std::vector<Column> grouped;
    for (const auto& key : by) {
      const ColumnId id = binder.fresh();
      group->keys.push_back({id, key.value.sql});
      Column column;
      column.name = key.name;
      column.value = make_value(key.value.type, kql::column(id), key.value.nullable);
      grouped.push_back(std::move(column));
    }
    Scope scope{.row = &rows, .env = env, .aggregates = true, .has_by = true};
    const Value value = TRY(binder.scalar(body, scope));
    const std::string name =
        given.kind == Expr::Kind::kNamed ? given.names[0] : "aggregated_" + keys[level].name;
    const Column aggregate = binder.define(*group, name, value);
    NodePtr plan = group;
    if (joined) {
      // Only below the groups that the levels above have chosen. Keys are compared as JSON, so that
      // null is a key like others.
      auto left = node_over(Node::Kind::kProject, joined);
      auto right = node_over(Node::Kind::kProject, plan);
      auto join = std::make_shared<Node>();
      join->kind = Node::Kind::kJoin;
      join->text = "INNER";
      for (std::size_t i = 0; i < level; ++i) {
        const ColumnId a = binder.fresh();
        const ColumnId b = binder.fresh();
        left->definitions.push_back({a, json_of(path[i].value)});
        right->definitions.push_back({b, json_of(grouped[i].value)});
        join->on.emplace_back(column(a), column(b));
      }
      join->inputs = {left, right};
      plan = join;
    }
    if (op.values[level]) {
      const auto number = TRY(binder.constant(*op.values[level], env)).number();
      if (!number || *number < 0) {
        return fail(error_at(op.values[level]->span, ErrorCode::kInvalidInput,
                             "top-nested needs a number of groups, 0 or more"));
      }
      const Ordering& order = op.orderings[level];
      SortKey key{aggregate.value.sql, order.descending, order.nulls_first, true};
      SortKey tie{grouped.back().value.sql, false, false, grouped.back().value.nullable};
      std::shared_ptr<Node> limit;
      if (level == 0) {
        auto sort = node_over(Node::Kind::kSort, plan);
        sort->sort = {key, tie};
        limit = node_over(Node::Kind::kLimit, sort);
      } else {
        limit = node_over(Node::Kind::kLimitBy, plan);
        limit->sort = {key, tie};
        for (std::size_t i = 0; i < level; ++i) {
          limit->keys.push_back({path[i].value.sql->number, path[i].value.sql});
        }
      }
      limit->number = *number;
      plan = limit;
    }
    joined = plan;
    path.push_back(grouped.back());
    for (Column part : {grouped.back(), aggregate}) {
      if (part.name.starts_with("$key")) {
        part.name = keys[level].name;
      }
      part.name = free_name(part.name, shown);
      part.value.name = part.name;
      shown.push_back(std::move(part));
    }
  }
  Relation made;
  made.plan = std::move(joined);
  made.columns = std::move(shown);
  return made;
}

}  // namespace spoor::kql
