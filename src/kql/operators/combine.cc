// union, join and lookup.

#include <algorithm>
#include <set>

#include "base/text.h"
#include "kql/emit/forms.h"
#include "kql/operators/operators.h"

namespace spoor::kql {
namespace {

std::string option_text(const Operator& op, std::string_view key) {
  const Expr* expr = op.option(key);
  if (expr == nullptr) {
    return {};
  }
  if (expr->kind == Expr::Kind::kName) {
    return expr->text;
  }
  if (const auto* text = std::get_if<std::string>(&expr->constant)) {
    return *text;
  }
  if (const auto* flag = std::get_if<bool>(&expr->constant)) {
    return *flag ? "true" : "false";
  }
  return {};
}

Sql missing(Type type) {
  return type == Type::kString || type == Type::kDynamic ? cast(quoted(""), "String")
                                                         : cast(null(), sql_type(type, true));
}

}  // namespace

Bound bind_union(Binder& binder, const Operator& op, std::optional<Relation> input,
                 const EnvPtr& env) {
  std::vector<Relation> legs;
  if (input) {
    legs.push_back(std::move(*input));
  }
  const bool fuzzy = option_text(op, "isfuzzy") == "true";
  const bool inner = option_text(op, "kind") == "inner";
  for (const auto& expr : op.tables) {
    if (expr->kind == Expr::Kind::kName && expr->text.find('*') != std::string::npos) {
      const auto names = binder.tables_like(expr->text);
      if (names.empty() && !fuzzy) {
        return fail(
            error_at(expr->span, ErrorCode::kInvalidInput, "no table matches " + expr->text));
      }
      for (const auto& name : names) {
        legs.push_back(TRY(binder.scan(name, expr->span)));
      }
      continue;
    }
    if (fuzzy) {
      const Expr* base = expr.get();
      while (base->kind == Expr::Kind::kPipe) {
        base = base->children[0].get();
      }
      if (base->kind == Expr::Kind::kName && !binder.has_table(base->text, env)) {
        continue;
      }
    }
    legs.push_back(TRY(binder.table(*expr, env)));
  }
  if (legs.empty()) {
    return fail(error_at(op.span, ErrorCode::kInvalidInput, "union has no table that exists"));
  }
  if (legs.size() > 128) {
    return fail(error_at(op.span, ErrorCode::kLimit, "union of more than 128 tables"));
  }
  std::string source = option_text(op, "withsource");
  if (source.empty()) {
    source = option_text(op, "with_source");
  }
  return unite(binder, std::move(legs), inner, source);
}

Relation unite(Binder& binder, std::vector<Relation> legs, bool inner, const std::string& source) {
  // The columns of the result by name and, where types differ, by name and type.
  struct Target {
    std::string name;
    Type type;
    bool hidden;
    std::size_t legs = 0;
    bool split = false;
    bool nullable = false;
  };
  std::vector<Target> targets;
  for (const auto& leg : legs) {
    for (const auto& column : leg.columns) {
      auto place = std::find_if(targets.begin(), targets.end(), [&](const Target& target) {
        return target.name == column.name && target.type == column.value.type;
      });
      if (place == targets.end()) {
        auto other = std::find_if(targets.begin(), targets.end(),
                                  [&](const Target& target) { return target.name == column.name; });
        const bool split = other != targets.end();
        for (auto& target : targets) {
          target.split = target.split || target.name == column.name;
        }
        // Both forms of one name stand together.
        auto after = targets.end();
        for (auto each = targets.begin(); each != targets.end(); ++each) {
          if (each->name == column.name) {
            after = each + 1;
          }
        }
        place =
            targets.insert(after, {column.name, column.value.type, column.hidden, 0, split, false});
      }
      ++place->legs;
      place->hidden = place->hidden && column.hidden;
      place->nullable = place->nullable || column.value.nullable;
    }
  }
  if (inner) {
    std::erase_if(targets, [&](const Target& target) { return target.legs < legs.size(); });
  }
  auto node = std::make_shared<Node>();
  node->kind = Node::Kind::kUnion;
  for (const auto& leg : legs) {
    node->legs.push_back({leg.plan, {}});
  }
  Relation made;
  if (!source.empty()) {
    const ColumnId id = binder.fresh();
    for (std::size_t i = 0; i < legs.size(); ++i) {
      node->legs[i].columns.push_back(
          {id,
           cast(param_text(legs[i].table.empty() ? "union_arg" + std::to_string(i) : legs[i].table),
                "String")});
    }
    Column column;
    column.name = source;
    column.value = string_value(kql::column(id));
    column.value.name = source;
    made.columns.push_back(std::move(column));
  }
  std::vector<std::string> plain_names;
  for (const auto& target : targets) {
    plain_names.push_back(target.name);
  }
  for (const auto& target : targets) {
    const ColumnId id = binder.fresh();
    Column column;
    column.name = target.split ? target.name + "_" + std::string(schema::type_name(target.type))
                               : target.name;
    if (target.split &&
        std::find(plain_names.begin(), plain_names.end(), column.name) != plain_names.end()) {
      column.name += "1";
    }
    column.name = target.hidden ? column.name : free_name(column.name, made.columns);
    column.hidden = target.hidden;
    column.value =
        make_value(target.type, kql::column(id), target.nullable || target.legs < legs.size());
    column.value.name = column.name;
    for (std::size_t i = 0; i < legs.size(); ++i) {
      Sql sql = missing(target.type);
      for (const auto& each : legs[i].columns) {
        if (each.name == target.name && each.value.type == target.type) {
          sql = each.value.type == Type::kDynamic ? dynamic_of(each.value) : each.value.sql;
        }
      }
      node->legs[i].columns.push_back({id, std::move(sql)});
    }
    made.columns.push_back(std::move(column));
  }
  made.open = std::any_of(legs.begin(), legs.end(), [](const Relation& leg) { return leg.open; });
  made.plan = std::move(node);
  return made;
}

namespace {

struct JoinKind {
  std::string_view name;
  std::string_view sql;
  bool left;  ///< columns of the left side are in the result
  bool right;
  bool left_nullable;
  bool right_nullable;
  bool swap = false;
};

const JoinKind* join_kind(std::string_view name) {
  static const std::vector<JoinKind> kKinds = {
      {"innerunique", "INNER", true, true, false, false},
      {"inner", "INNER", true, true, false, false},
      {"leftouter", "LEFT", true, true, false, true},
      {"rightouter", "RIGHT", true, true, true, false},
      {"fullouter", "FULL", true, true, true, true},
      {"leftsemi", "LEFT SEMI", true, false, false, false},
      {"rightsemi", "LEFT SEMI", false, true, false, false, true},
      {"leftanti", "LEFT ANTI", true, false, false, false},
      {"leftantisemi", "LEFT ANTI", true, false, false, false},
      {"anti", "LEFT ANTI", true, false, false, false},
      {"rightanti", "LEFT ANTI", false, true, false, false, true},
      {"rightantisemi", "LEFT ANTI", false, true, false, false, true},
  };
  for (const auto& kind : kKinds) {
    if (kind.name == name) {
      return &kind;
    }
  }
  return nullptr;
}

struct Key {
  Value left;
  Value right;
};

Result<std::vector<Key>> join_keys(Binder& binder, const Operator& op, Relation& left,
                                   Relation& right, const EnvPtr& env) {
  std::vector<const Expr*> parts;
  for (const auto& expr : op.by) {
    if (expr->kind == Expr::Kind::kLogical && expr->text == "and") {
      for (const auto& child : expr->children) {
        parts.push_back(child.get());
      }
    } else {
      parts.push_back(expr.get());
    }
  }
  std::vector<Key> keys;
  for (const Expr* part : parts) {
    Key key;
    if (part->kind == Expr::Kind::kName) {
      for (const Relation* side : {&left, &right}) {
        const Column* column = side->find(part->text);
        if (column == nullptr && side->open) {
          // A column that is not known yet; as a text it compares with any other.
          (side == &left ? key.left : key.right) = string_value(cast(quoted(""), "String"));
          continue;
        }
        if (column == nullptr) {
          Scope scope{.row = side, .env = env};
          Error error = binder.unknown_column(part->text, part->span, scope);
          error.message = "the " + std::string(side == &left ? "left" : "right") + " side of " +
                          op.name + " has no column " + part->text;
          return fail(std::move(error));
        }
        (side == &left ? key.left : key.right) = column->value;
      }
    } else if (part->kind == Expr::Kind::kBinary && part->text == "==") {
      const auto is_right = [](const Expr& expr) {
        return expr.kind == Expr::Kind::kMember && expr.children[0]->text == "$right";
      };
      const auto is_side = [&](const Expr& expr) {
        return expr.kind == Expr::Kind::kMember &&
               (expr.children[0]->text == "$left" || is_right(expr));
      };
      if (!is_side(*part->children[0]) || !is_side(*part->children[1]) ||
          is_right(*part->children[0]) == is_right(*part->children[1])) {
        return fail(error_at(part->span, ErrorCode::kInvalidInput,
                             "join by expressions takes $left.a == $right.b only; compute the key "
                             "with extend before"));
      }
      const bool swapped = is_right(*part->children[0]);
      Scope scope{.row = &left, .right = &right, .env = env};
      key.left = TRY(binder.scalar(*part->children[swapped ? 1 : 0], scope));
      key.right = TRY(binder.scalar(*part->children[swapped ? 0 : 1], scope));
    } else {
      return fail(error_at(part->span, ErrorCode::kInvalidInput,
                           op.name + " takes columns or $left.a == $right.b after on"));
    }
    if (key.left.type == Type::kDynamic || key.right.type == Type::kDynamic) {
      return fail(error_at(part->span, ErrorCode::kInvalidInput,
                           "the keys of " + op.name + " cannot be dynamic; use tostring() before"));
    }
    if (left.open || right.open) {
      key.left = string_value(text_of(key.left));
      key.right = string_value(text_of(key.right));
    }
    if (key.left.type != key.right.type) {
      if (!is_integer(key.left.type) || !is_integer(key.right.type)) {
        return fail(error_at(part->span, ErrorCode::kInvalidInput,
                             "the keys of " + op.name + " differ in type: " +
                                 std::string(schema::type_name(key.left.type)) + " and " +
                                 std::string(schema::type_name(key.right.type))));
      }
      key.left = *widen(key.left, Type::kLong);
      key.right = *widen(key.right, Type::kLong);
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

Bound bind_join(Binder& binder, const Operator& op, Relation left, const EnvPtr& env) {
  Relation right = TRY(binder.table(*op.tables[0], env));
  return bind_join(binder, op, std::move(left), std::move(right), env);
}

Bound bind_join(Binder& binder, const Operator& op, Relation left, Relation right,
                const EnvPtr& env) {
  const bool lookup = op.name == "lookup";
  std::string kind_name = option_text(op, "kind");
  if (kind_name.empty()) {
    kind_name = lookup ? "leftouter" : "innerunique";
  }
  const JoinKind* kind = join_kind(kind_name);
  if (kind == nullptr || (lookup && kind_name != "leftouter" && kind_name != "inner")) {
    return fail(error_at(op.option("kind") != nullptr ? op.option("kind")->span : op.span,
                         ErrorCode::kInvalidInput,
                         "unknown kind of " + op.name + ": " + kind_name));
  }
  auto keys = TRY(join_keys(binder, op, left, right, env));
  auto before_left = node_over(Node::Kind::kProject, left.plan);
  auto before_right = node_over(Node::Kind::kProject, right.plan);
  auto node = std::make_shared<Node>();
  node->kind = Node::Kind::kJoin;
  node->text = kind->sql;
  std::vector<ColumnId> right_keys;
  auto unique = node_over(Node::Kind::kLimitBy, nullptr);
  for (const auto& key : keys) {
    const auto as_column = [&](const Value& value, Node& project) {
      if (value.sql->kind == SqlNode::Kind::kColumn) {
        return value.sql;
      }
      const ColumnId id = binder.fresh();
      project.definitions.push_back({id, value.sql});
      return kql::column(id);
    };
    const Sql a = as_column(key.left, *before_left);
    const Sql b = as_column(key.right, *before_right);
    right_keys.push_back(b->number);
    unique->keys.push_back({a->number, a});
    if (kind->swap) {
      node->on.emplace_back(b, a);
    } else {
      node->on.emplace_back(a, b);
    }
  }
  NodePtr left_plan = before_left->definitions.empty() ? left.plan : NodePtr(before_left);
  const NodePtr right_plan = before_right->definitions.empty() ? right.plan : NodePtr(before_right);
  if (kind_name == "innerunique") {
    // One left row a key; the earliest, so that an answer repeats.
    unique->inputs[0] = left_plan;
    unique->number = 1;
    for (const std::string_view name : {"Timestamp", "EventId"}) {
      if (const Column* column = left.find(name)) {
        unique->sort.push_back({column->value.sql, false, true, column->value.nullable});
      }
    }
    left_plan = unique;
  }
  if (kind->swap) {
    node->inputs = {right_plan, left_plan};
  } else {
    node->inputs = {left_plan, right_plan};
  }
  auto after = node_over(Node::Kind::kProject, node);
  Relation made;
  std::set<std::string> taken;
  for (const auto& column : left.columns) {
    taken.insert(column.name);
  }
  if (kind->left && kind->right) {
    for (const auto& column : right.columns) {
      taken.insert(column.name);
    }
  }
  const auto add = [&](Column column, bool nullable) {
    column.value.raw = nullptr;
    column.value.column = nullptr;
    if (nullable) {
      if (column.value.type == Type::kString || column.value.type == Type::kDynamic) {
        const ColumnId id = binder.fresh();
        const Sql plain = column.value.as_array ? dynamic_of(column.value) : column.value.sql;
        after->definitions.push_back({id, if_null(plain, quoted(""))});
        column.value.sql = kql::column(id);
        column.value.as_array = false;
      } else {
        column.value.nullable = true;
      }
    }
    made.columns.push_back(std::move(column));
  };
  if (kind->left) {
    for (const auto& column : left.columns) {
      add(column, kind->left_nullable);
    }
  }
  if (kind->right) {
    for (const auto& column : right.columns) {
      const bool key = std::find(right_keys.begin(), right_keys.end(), column.value.sql->number) !=
                       right_keys.end();
      if (lookup && key) {
        continue;
      }
      Column copy = column;
      if (kind->left && left.find(column.name) != nullptr) {
        if (column.hidden) {
          continue;
        }
        int number = 1;
        while (taken.contains(column.name + std::to_string(number))) {
          ++number;
        }
        copy.name = column.name + std::to_string(number);
        taken.insert(copy.name);
      }
      copy.value.name = copy.name;
      add(std::move(copy), kind->right_nullable);
    }
  }
  made.open = (kind->left && left.open) || (kind->right && right.open);
  made.plan = after->definitions.empty() ? NodePtr(node) : NodePtr(after);
  return made;
}

}  // namespace spoor::kql
