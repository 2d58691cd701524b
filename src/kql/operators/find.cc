// find: rows of many tables that a condition holds for; a column that a table lacks is null there.

#include <algorithm>
#include <set>

#include "kql/emit/forms.h"
#include "kql/operators/operators.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {

Result<void> Parser::find(Operator& op) {
  TRY_VOID(options(op));
  if (at("in") && at("(", 1)) {
    take();
    take();
    do {
      op.tables.push_back(TRY(table_operand()));
    } while (accept(","));
    TRY_VOID(expect(")"));
  }
  accept("where");
  op.exprs.push_back(TRY(expression()));
  std::size_t tokens = 1;
  if (hyphenated(tokens) == "project-smart") {
    return fail(
        error_at(peek().span, ErrorCode::kUnsupported, "find with project-smart is not supported"));
  }
  if (!accept("project")) {
    return {};
  }
  op.has_by = true;
  do {
    ColumnDecl decl;
    decl.span = peek().span;
    if (at("pack") && at("(", 1)) {
      take();
      take();
      TRY_VOID(expect("*"));
      TRY_VOID(expect(")"));
      decl.name = "*";
    } else {
      decl.name = TRY(name("a column"));
      if (accept(":")) {
        op.orderings.emplace_back();  // not empty: a type was given
        decl.type = TRY(type());
      }
    }
    op.columns.push_back(std::move(decl));
  } while (accept(","));
  return {};
}

namespace {

void names_in(const Expr& expr, std::vector<std::string>& into) {
  if (expr.kind == Expr::Kind::kName &&
      std::find(into.begin(), into.end(), expr.text) == into.end()) {
    into.push_back(expr.text);
  }
  for (const auto& child : expr.children) {
    names_in(*child, into);
  }
}

const Column* visible(const Relation& table, std::string_view name) {
  const Column* column = table.find(name);
  return column == nullptr || column->hidden ? nullptr : column;
}

/// Columns of the answer: those all tables have in one type, then those the condition names.
std::vector<ColumnDecl> answer_columns(const Operator& op, const std::vector<Relation>& legs) {
  std::vector<ColumnDecl> made;
  const auto add = [&](const std::string& name, Type type) {
    const bool present = std::any_of(made.begin(), made.end(),
                                     [&](const ColumnDecl& each) { return each.name == name; });
    if (!present) {
      made.push_back({name, {}, type});
    }
  };
  if (op.has_by) {
    for (const auto& column : op.columns) {
      for (const auto& leg : legs) {
        if (const Column* found = visible(leg, column.name)) {
          add(column.name, found->value.type);
        }
      }
    }
    return made;
  }
  for (const auto& column : legs.front().columns) {
    const bool common =
        !column.hidden && std::all_of(legs.begin(), legs.end(), [&](const auto& leg) {
          const Column* found = visible(leg, column.name);
          return found != nullptr && found->value.type == column.value.type;
        });
    if (common) {
      add(column.name, column.value.type);
    }
  }
  std::vector<std::string> named;
  names_in(*op.exprs[0], named);
  for (const auto& name : named) {
    for (const auto& leg : legs) {
      if (const Column* found = visible(leg, name)) {
        add(name, found->value.type);
      }
    }
  }
  return made;
}

Value bag_of(const std::vector<Column>& columns) {
  std::vector<Sql> parts{quoted("{")};
  for (const auto& column : columns) {
    if (parts.size() > 1) {
      parts.push_back(quoted(","));
    }
    parts.push_back(call("toJSONString", {param_text(column.name)}));
    parts.push_back(quoted(":"));
    parts.push_back(json_of(column.value));
  }
  parts.push_back(quoted("}"));
  return dynamic_value(call("concat", std::move(parts)));
}

}  // namespace

Bound bind_find(Binder& binder, const Operator& op, const EnvPtr& env) {
  std::vector<Relation> legs = TRY(legs_of(binder, op, std::nullopt, env));
  if (!op.orderings.empty()) {
    return fail(error_at(op.columns.front().span, ErrorCode::kUnsupported,
                         "types in the project of find are not supported"));
  }
  const std::vector<ColumnDecl> wanted = answer_columns(op, legs);
  const bool packs = !op.has_by || std::any_of(op.columns.begin(), op.columns.end(),
                                               [](const auto& each) { return each.name == "*"; });
  for (auto& leg : legs) {
    auto node = node_over(Node::Kind::kProject, leg.plan);
    Relation row = leg;
    std::vector<Column> rest;
    for (const auto& column : leg.columns) {
      const bool shown = std::any_of(wanted.begin(), wanted.end(), [&](const ColumnDecl& each) {
        return each.name == column.name && each.type == column.value.type;
      });
      if (!column.hidden && !shown) {
        rest.push_back(column);
      }
    }
    std::vector<Column> shown;
    for (const auto& each : wanted) {
      const Column* found = visible(leg, each.name);
      if (found != nullptr && found->value.type == each.type) {
        shown.push_back(*found);
        continue;
      }
      Column missing = binder.define(*node, each.name, constant_value(each.type, std::monostate{}));
      shown.push_back(missing);
      if (found == nullptr) {
        row.columns.push_back(std::move(missing));
      }
    }
    auto filter = node_over(Node::Kind::kFilter, node);
    Scope scope{.row = &row, .env = env};
    const Value condition = TRY(binder.predicate(*op.exprs[0], scope));
    filter->predicates.push_back(condition.is_constant() ? cast(condition.sql, "Nullable(Bool)")
                                                         : condition.sql);
    auto project = node_over(Node::Kind::kProject, filter);
    if (packs) {
      shown.push_back(binder.define(*project, "pack_", bag_of(rest)));
    }
    leg.columns = std::move(shown);
    leg.plan = std::move(project);
  }
  const Expr* source = op.option("withsource");
  return unite(binder, std::move(legs), false, source == nullptr ? "source_" : source->text);
}

}  // namespace spoor::kql
