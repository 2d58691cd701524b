// where, project, extend, project-…, and the naming of columns.

#include <algorithm>
#include <set>

#include "base/text.h"
#include "kql/emit/forms.h"
#include "kql/operators/operators.h"

namespace spoor::kql {
namespace {

/// Splits a condition into what `and` joins.
void conjuncts(const Expr& expr, std::vector<const Expr*>& into) {
  if (expr.kind == Expr::Kind::kLogical && expr.text == "and") {
    for (const auto& child : expr.children) {
      conjuncts(*child, into);
    }
    return;
  }
  into.push_back(&expr);
}

/// A stored column a comparison `col == constant` fixes.
void note_pinned(const Expr& expr, Relation& input) {
  if (expr.kind != Expr::Kind::kBinary || expr.text != "==") {
    return;
  }
  for (const auto& side : expr.children) {
    if (side->kind == Expr::Kind::kName) {
      const Column* column = input.find(side->text);
      const auto& other = side == expr.children[0] ? expr.children[1] : expr.children[0];
      const bool plain = other->kind == Expr::Kind::kLiteral ||
                         (other->kind == Expr::Kind::kName && input.find(other->text) == nullptr);
      if (column != nullptr && column->value.column != nullptr && plain) {
        input.pinned.emplace(column->value.column->name);
      }
    }
  }
}

const Expr& unnamed(const Expr& expr) {
  return expr.kind == Expr::Kind::kNamed ? *expr.children[0] : expr;
}

Error no_column(std::string_view name, Span span, const Relation& input) {
  std::vector<std::string_view> names;
  for (const auto& column : input.columns) {
    names.push_back(column.name);
  }
  Error error = error_at(span, ErrorCode::kInvalidInput, "unknown column " + std::string(name));
  if (const auto near = nearest_name(name, names); !near.empty()) {
    error.hint = "did you mean " + std::string(near) + "?";
  }
  return error;
}

}  // namespace

Bound bind_where(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  std::vector<const Expr*> parts;
  conjuncts(*op.exprs[0], parts);
  auto node = node_over(Node::Kind::kFilter, input.plan);
  for (const Expr* part : parts) {
    Scope scope{.row = &input, .env = env};
    Value value = TRY(binder.predicate(*part, scope));
    const bool* const known = value.constant ? std::get_if<bool>(&*value.constant) : nullptr;
    if (known != nullptr && *known) {
      continue;  // a condition that always holds only hides the others from the engine's key
    }
    Sql sql = value.sql;
    // At the top of a condition null and false drop the row alike: the bare comparison keeps the
    // keys.
    if (sql->kind == SqlNode::Kind::kCall && sql->text == "ifNull" &&
        sql->children[1]->text == "false") {
      sql = sql->children[0];
    }
    if (value.is_constant()) {
      sql = cast(sql, "Nullable(Bool)");
    }
    node->predicates.push_back(std::move(sql));
    note_pinned(*part, input);
  }
  if (!node->predicates.empty()) {
    input.plan = std::move(node);
  }
  return input;
}

Result<std::vector<Column>> bind_columns(Binder& binder, const std::vector<ExprPtr>& exprs,
                                         Relation& input, const EnvPtr& env,
                                         std::string_view unnamed_prefix) {
  auto node = node_over(Node::Kind::kProject, input.plan);
  std::vector<Column> made;
  std::set<std::string> given;
  int number = 0;
  int position = -1;
  for (const auto& expr : exprs) {
    ++position;
    if (expr->kind == Expr::Kind::kStar) {
      for (const auto& column : input.columns) {
        if (!column.hidden) {
          made.push_back(column);
        }
      }
      continue;
    }
    Scope scope{.row = &input, .env = env, .windows = true};
    Value value = TRY(binder.scalar(unnamed(*expr), scope));
    if (scope.uses_window) {
      node->kind = Node::Kind::kWindow;
    }
    std::string name = value.name;
    if (expr->kind == Expr::Kind::kNamed) {
      if (expr->names.size() > 1) {
        for (std::size_t i = 0; i < expr->names.size(); ++i) {
          Value part =
              dynamic_value(element(array_of(value), int64(static_cast<std::int64_t>(i) + 1)));
          made.push_back(binder.define(*node, expr->names[i], part));
        }
        continue;
      }
      name = expr->names[0];
      if (!given.insert(name).second) {
        return fail(error_at(expr->span, ErrorCode::kInvalidInput,
                             "the column " + name + " is given twice"));
      }
    } else if (name.empty() || unnamed_prefix == "print_") {
      name = unnamed_prefix == "print_" ? "print_" + std::to_string(position)
                                        : std::string(unnamed_prefix) + std::to_string(++number);
    }
    if (expr->kind != Expr::Kind::kNamed && unnamed_prefix != "extend") {
      name = free_name(name, made);
    }
    made.push_back(binder.define(*node, std::move(name), value));
  }
  input.plan = std::move(node);
  return made;
}

Bound bind_project(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  input.columns = TRY(bind_columns(binder, op.exprs, input, env, "Column"));
  for (auto& column : input.columns) {
    column.hidden = false;
  }
  return input;
}

Bound bind_extend(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  auto made = TRY(bind_columns(binder, op.exprs, input, env, "Column"));
  for (auto& column : made) {
    column.hidden = false;
    const auto place = std::find_if(input.columns.begin(), input.columns.end(),
                                    [&](const Column& each) { return each.name == column.name; });
    if (place == input.columns.end()) {
      input.columns.push_back(std::move(column));
    } else if (place->hidden) {
      input.columns.erase(place);
      input.columns.push_back(std::move(column));
    } else {
      *place = std::move(column);
    }
  }
  return input;
}

Bound bind_project_away(Binder&, const Operator& op, Relation input) {
  const bool keep = op.name == "project-keep";
  std::vector<bool> chosen(input.columns.size());
  for (const auto& expr : op.exprs) {
    bool any = false;
    for (std::size_t i = 0; i < input.columns.size(); ++i) {
      const bool pattern = expr->text.find('*') != std::string::npos;
      const bool hit =
          pattern ? !input.columns[i].hidden && matches_pattern(input.columns[i].name, expr->text)
                  : input.columns[i].name == expr->text;
      any = any || hit || pattern;
      chosen[i] = chosen[i] || hit;
    }
    if (!any) {
      return fail(no_column(expr->text, expr->span, input));
    }
  }
  std::vector<Column> kept;
  for (std::size_t i = 0; i < input.columns.size(); ++i) {
    if (chosen[i] == keep || (keep && input.columns[i].hidden && !chosen[i])) {
      kept.push_back(input.columns[i]);
      if (keep && chosen[i]) {
        kept.back().hidden = false;
      }
    }
  }
  input.columns = std::move(kept);
  return input;
}

Bound bind_project_rename(Binder&, const Operator& op, Relation input) {
  std::vector<std::pair<std::size_t, std::string>> changes;
  for (const auto& expr : op.exprs) {
    if (expr->kind != Expr::Kind::kNamed || expr->children[0]->kind != Expr::Kind::kName) {
      return fail(error_at(expr->span, ErrorCode::kInvalidInput, "project-rename needs new = old"));
    }
    const Expr& old = *expr->children[0];
    const Column* column = input.find(old.text);
    if (column == nullptr) {
      return fail(no_column(old.text, old.span, input));
    }
    changes.emplace_back(static_cast<std::size_t>(column - input.columns.data()), expr->names[0]);
  }
  for (auto& [index, name] : changes) {
    for (std::size_t i = 0; i < input.columns.size(); ++i) {
      if (i != index && input.columns[i].name == name && !input.columns[i].hidden) {
        const bool moved = std::any_of(changes.begin(), changes.end(),
                                       [&](const auto& other) { return other.first == i; });
        if (!moved) {
          return fail(error_at(op.span, ErrorCode::kInvalidInput,
                               "the column " + name + " exists already"));
        }
      }
    }
  }
  for (auto& [index, name] : changes) {
    input.columns[index].name = name;
    input.columns[index].value.name = name;
    input.columns[index].hidden = false;
  }
  return input;
}

Bound bind_project_reorder(Binder&, const Operator& op, Relation input) {
  std::vector<Column> ordered;
  std::vector<bool> used(input.columns.size());
  for (std::size_t e = 0; e < op.exprs.size(); ++e) {
    const Expr& expr = *op.exprs[e];
    std::vector<std::size_t> hits;
    const bool pattern = expr.text.find('*') != std::string::npos;
    bool exists = pattern;
    for (std::size_t i = 0; i < input.columns.size(); ++i) {
      const bool hit =
          pattern ? matches_pattern(input.columns[i].name, expr.text) && !input.columns[i].hidden
                  : input.columns[i].name == expr.text;
      exists = exists || hit;
      // A later exact name outranks an earlier pattern.
      const bool later =
          pattern && std::any_of(op.exprs.begin(), op.exprs.end(), [&](const ExprPtr& other) {
            return other->text == input.columns[i].name;
          });
      if (hit && !used[i] && !later) {
        hits.push_back(i);
      }
    }
    if (!exists) {
      return fail(no_column(expr.text, expr.span, input));
    }
    const Ordering& order = op.orderings[e];
    if (order.explicit_order) {
      std::sort(hits.begin(), hits.end(), [&](std::size_t a, std::size_t b) {
        return order.descending ? input.columns[b].name < input.columns[a].name
                                : input.columns[a].name < input.columns[b].name;
      });
    }
    for (const auto hit : hits) {
      used[hit] = true;
      ordered.push_back(input.columns[hit]);
      if (!pattern) {
        ordered.back().hidden = false;
      }
    }
  }
  for (std::size_t i = 0; i < input.columns.size(); ++i) {
    if (!used[i]) {
      ordered.push_back(input.columns[i]);
    }
  }
  input.columns = std::move(ordered);
  return input;
}

Bound bind_getschema(Binder& binder, Relation input) {
  const std::vector<ColumnDecl> columns = {{"ColumnName", {}, Type::kString},
                                           {"ColumnOrdinal", {}, Type::kLong},
                                           {"DataType", {}, Type::kString},
                                           {"ColumnType", {}, Type::kString}};
  static const std::map<Type, std::string> kNet = {
      {Type::kBool, "System.SByte"},        {Type::kInt, "System.Int32"},
      {Type::kLong, "System.Int64"},        {Type::kReal, "System.Double"},
      {Type::kString, "System.String"},     {Type::kDateTime, "System.DateTime"},
      {Type::kTimespan, "System.TimeSpan"}, {Type::kDynamic, "System.Object"},
      {Type::kGuid, "System.Guid"}};
  std::vector<std::vector<Constant>> rows;
  for (const auto& column : input.columns) {
    if (!column.hidden) {
      const auto number = static_cast<std::int64_t>(rows.size());
      rows.push_back({column.name, number, kNet.at(column.value.type),
                      std::string(schema::type_name(column.value.type))});
    }
  }
  Relation made = constant_table(binder, columns, rows);
  made.serialized = true;
  return made;
}

}  // namespace spoor::kql
