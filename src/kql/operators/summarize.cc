// summarize: keys, aggregates, arg_max and its like with several columns.

#include <algorithm>
#include <set>

#include "base/text.h"
#include "kql/emit/forms.h"
#include "kql/operators/operators.h"

namespace spoor::kql {
namespace {

const Expr& inner_of(const Expr& expr) {
  return expr.kind == Expr::Kind::kNamed ? *expr.children[0] : expr;
}

bool is_extreme(std::string_view name) {
  return name == "arg_max" || name == "arg_min" || name == "argmax" || name == "argmin";
}
bool is_any(std::string_view name) {
  return name == "take_any" || name == "any" || name == "take_anyif" || name == "anyif";
}

/// One aggregate call that makes several columns of one row. The call is a column of the grouping,
/// and its parts are taken above it: the engine analyses each mention of a call anew.
class RowChoice {
 public:
  RowChoice(Binder& binder, const Relation& input, Node& node, Node& parts, Scope& scope,
            std::vector<Column>& made, const std::vector<std::string>& keys)
      : binder_(binder),
        input_(input),
        node_(node),
        parts_(parts),
        scope_(scope),
        made_(made),
        keys_(keys) {}

  Result<void> run(const Expr& expr, const Expr& call_expr) {
    const bool extreme = is_extreme(call_expr.text);
    const bool conditional = call_expr.text.ends_with("if");
    if (call_expr.children.size() < (extreme || conditional ? 2U : 1U)) {
      return fail(error_at(call_expr.span, ErrorCode::kInvalidInput,
                           call_expr.text + "() needs more arguments"));
    }
    Value by;
    if (extreme) {
      by = TRY(binder_.scalar(inner_of(*call_expr.children[0]), scope_));
      if (by.type == Type::kDynamic) {
        by = string_value(text_of(by));
      }
    }
    std::vector<std::pair<std::string, Value>> wanted;
    const std::size_t first = extreme ? 1 : 0;
    const std::size_t last = call_expr.children.size() - (conditional ? 1 : 0);
    for (std::size_t i = first; i < last; ++i) {
      const Expr& child = *call_expr.children[i];
      if (child.kind == Expr::Kind::kStar) {
        for (const auto& column : input_.columns) {
          const bool is_key = std::find(keys_.begin(), keys_.end(), column.name) != keys_.end();
          if (!column.hidden && !is_key && !(extreme && column.name == by.name)) {
            wanted.emplace_back(column.name, column.value);
          }
        }
        continue;
      }
      Value value = TRY(binder_.scalar(inner_of(child), scope_));
      std::string name = child.kind == Expr::Kind::kNamed ? child.names[0] : value.name;
      if (name.empty()) {
        name = extreme ? (call_expr.text.ends_with("max") ? "max_" : "min_") + by.name + "_arg" +
                             std::to_string(i)
                       : "";
      } else if (call_expr.text == "any" || call_expr.text == "anyif") {
        name = "any_" + name;
      }
      wanted.emplace_back(std::move(name), std::move(value));
    }
    Sql condition;
    if (conditional) {
      condition = TRY(binder_.predicate(*call_expr.children.back(), scope_)).sql;
    }
    std::vector<std::pair<std::string, Value>> all;
    if (extreme) {
      const bool maximum = call_expr.text.ends_with("max");
      all.emplace_back(by.name.empty() ? (maximum ? "max_" : "min_") : by.name, by);
    }
    for (auto& each : wanted) {
      all.push_back(std::move(each));
    }
    std::vector<std::string> given =
        expr.kind == Expr::Kind::kNamed ? expr.names : std::vector<std::string>{};
    if (given.size() > all.size()) {
      return fail(error_at(expr.span, ErrorCode::kInvalidInput, "more names than columns"));
    }
    // Rows whose value is null come last; ties go to the event's id, so that an answer repeats.
    std::vector<Sql> parts;
    for (const auto& [name, value] : all) {
      parts.push_back(value.type == Type::kDynamic ? dynamic_of(value)
                                                   : kql::call("toNullable", {value.sql}));
    }
    std::vector<Sql> order;
    const bool maximum = extreme && call_expr.text.ends_with("max");
    if (extreme) {
      if (by.nullable) {
        order.push_back(
            kql::call("toUInt8", {maximum ? kql::call("isNotNull", {by.sql}) : is_null(by.sql)}));
        order.push_back(kql::call("assumeNotNull", {by.sql}));
      } else {
        order.push_back(by.sql);
      }
    } else if (all.size() == 1) {
      const Value& only = all[0].second;
      Sql empty = only.type == Type::kString    ? equals(only.sql, quoted(""))
                  : only.type == Type::kDynamic ? dynamic_is_null(dynamic_of(only))
                                                : is_null(only.sql);
      order.push_back(kql::call("toUInt8", {empty}));
    }
    for (const auto& column : input_.columns) {
      if (column.name == "EventId" && column.value.column != nullptr) {
        order.push_back(column.value.sql);
      }
    }
    Sql chosen;
    const Sql row = tuple(parts);
    if (order.empty()) {
      chosen = conditional ? kql::call("anyIf", {row, condition}) : kql::call("any", {row});
    } else {
      const std::string function = maximum ? "argMax" : "argMin";
      std::vector<Sql> arguments{row, tuple(order)};
      if (conditional) {
        arguments.push_back(if_null(condition, boolean(false)));
      }
      chosen = kql::call(conditional ? function + "If" : function, std::move(arguments));
    }
    const ColumnId chosen_row = binder_.fresh();
    node_.definitions.push_back({chosen_row, std::move(chosen)});
    for (std::size_t i = 0; i < all.size(); ++i) {
      auto& [name, value] = all[i];
      Sql sql = member(column(chosen_row), static_cast<std::int64_t>(i) + 1);
      Value part;
      if (value.type == Type::kString) {
        part = string_value(if_null(sql, quoted("")));
      } else if (value.type == Type::kDynamic) {
        part = dynamic_value(sql);
      } else {
        part = make_value(value.type, sql, true);
      }
      if (i < given.size()) {
        name = given[i];
      } else {
        name = free_name(name.empty() ? "Column1" : name, made_);
      }
      made_.push_back(binder_.define(parts_, name, part));
    }
    return {};
  }

 private:
  Binder& binder_;
  const Relation& input_;
  Node& node_;
  Node& parts_;
  Scope& scope_;
  std::vector<Column>& made_;
  const std::vector<std::string>& keys_;
};

}  // namespace

Bound bind_summarize(Binder& binder, const Operator& op, Relation input, const EnvPtr& env,
                     const std::vector<Column>& further) {
  // The keys, computed below the grouping.
  Relation keyed = input;
  auto key_columns = TRY(bind_columns(binder, op.by, keyed, env, "Column"));
  key_columns.insert(key_columns.end(), further.begin(), further.end());
  auto node = node_over(Node::Kind::kAggregate, keyed.plan);
  auto parts = node_over(Node::Kind::kProject, node);
  Relation made;
  std::vector<std::string> key_names;
  for (std::size_t i = 0; i < key_columns.size(); ++i) {
    const Column& key = key_columns[i];
    if (key.value.type == Type::kDynamic) {
      Error error = error_at(i < op.by.size() ? op.by[i]->span : op.span, ErrorCode::kInvalidInput,
                             "summarize does not group by the dynamic " + key.name);
      error.hint = "use tostring(" + key.name + ")";
      return fail(std::move(error));
    }
    const ColumnId id = binder.fresh();
    node->keys.push_back({id, key.value.type == Type::kReal
                                  ? one_nan(infix("+", key.value.sql, param_real(0)))
                                  : key.value.sql});
    Column column;
    column.name = key.name;
    column.value = make_value(key.value.type, kql::column(id), key.value.nullable);
    column.value.name = key.name;
    key_names.push_back(key.name);
    made.columns.push_back(std::move(column));
  }
  Scope scope{
      .row = &keyed, .env = env, .aggregates = true, .has_by = op.has_by || !further.empty()};
  keyed.columns = input.columns;
  int number = 0;
  std::set<std::string> starred;  // names that a '*' has brought: they give way to others
  for (const auto& expr : op.exprs) {
    const Expr& body = inner_of(*expr);
    if (body.kind == Expr::Kind::kCall && (is_extreme(body.text) || is_any(body.text))) {
      Scope inner = scope;
      inner.in_aggregate = true;
      const std::size_t before = made.columns.size();
      TRY_VOID(
          RowChoice(binder, keyed, *node, *parts, inner, made.columns, key_names).run(*expr, body));
      const bool star =
          std::any_of(body.children.begin(), body.children.end(),
                      [](const ExprPtr& child) { return child->kind == Expr::Kind::kStar; });
      for (std::size_t i = before; star && i < made.columns.size(); ++i) {
        starred.insert(made.columns[i].name);
      }
      continue;
    }
    if (body.kind == Expr::Kind::kCall && expr->kind == Expr::Kind::kNamed &&
        expr->names.size() > 1) {
      return fail(error_at(expr->span, ErrorCode::kUnsupported,
                           body.text + "() with several names is not supported"));
    }
    const AggregateSpec* spec =
        body.kind == Expr::Kind::kCall ? registry().aggregate(body.text) : nullptr;
    if (spec != nullptr && spec->emit_many && spec->refused.empty()) {
      auto many = TRY(binder.aggregates(body, scope));
      for (std::size_t i = 0; i < many.size(); ++i) {
        std::string name = expr->kind == Expr::Kind::kNamed && i == 0
                               ? expr->names[0]
                               : free_name(many[i].name, made.columns);
        made.columns.push_back(binder.define(*node, std::move(name), many[i]));
      }
      continue;
    }
    Value value = TRY(binder.scalar(body, scope));
    std::string name = expr->kind == Expr::Kind::kNamed ? expr->names[0] : value.name;
    if (name.empty()) {
      name = "Column" + std::to_string(++number);
    }
    if (expr->kind != Expr::Kind::kNamed) {
      name = free_name(name, made.columns);
    } else if (starred.contains(name)) {
      name = free_name(name, made.columns);
    } else if (std::any_of(made.columns.begin(), made.columns.end(),
                           [&](const Column& column) { return column.name == name; })) {
      return fail(
          error_at(expr->span, ErrorCode::kInvalidInput, "the column " + name + " is given twice"));
    }
    if (value.sql->kind == SqlNode::Kind::kColumn) {
      return fail(error_at(body.span, ErrorCode::kInvalidInput, "an aggregate is needed here"));
    }
    made.columns.push_back(binder.define(*node, std::move(name), value));
  }
  if (parts->definitions.empty()) {
    made.plan = std::move(node);
  } else {
    made.plan = std::move(parts);
  }
  return made;
}

}  // namespace spoor::kql
