// Table expressions: names, functions of let, materialize, scans of stored tables.

#include <algorithm>

#include "base/text.h"
#include "kql/bind/binder.h"
#include "kql/emit/forms.h"
#include "kql/operators/operators.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {
namespace {

/// What KQL sees of a stored column: nulls, hex text, JSON of arrays.
Value stored_value(const schema::Column& column) {
  const Sql raw = stored(column.name);
  switch (column.storage) {
    case schema::Storage::kHex:
      return string_value(if_(
          equals(raw,
                 call("toFixedString", {quoted(""), keyword(std::to_string(column.hex_bytes))})),
          quoted(""), call("lower", {call("hex", {raw})})));
    case schema::Storage::kKeys: {
      Value value = array_value(call(
          "arrayMap", {lambda([](Sql each) { return call("toString", {std::move(each)}); }), raw}));
      return value;
    }
    case schema::Storage::kStrings:
      return array_value(
          call("arrayMap",
               {lambda([](Sql each) { return call("toJSONString", {std::move(each)}); }), raw}));
    case schema::Storage::kTiny:
      return cast_value(Type::kInt, raw, column.absent == schema::Absent::kNullable);
    case schema::Storage::kPlain:
    case schema::Storage::kLow:
      break;
  }
  if (column.absent == schema::Absent::kEpoch) {
    return make_value(
        column.type,
        call("nullIf", {raw, cast(quoted("1970-01-01 00:00:00"), "DateTime64(7,'UTC')")}), true);
  }
  return make_value(column.type, raw, column.absent == schema::Absent::kNullable);
}

}  // namespace

std::shared_ptr<Node> node_over(Node::Kind kind, NodePtr input) {
  auto node = std::make_shared<Node>();
  node->kind = kind;
  node->inputs.push_back(std::move(input));
  return node;
}

const Column* Relation::find(std::string_view name) const {
  for (const auto& column : columns) {
    if (column.name == name) {
      return &column;
    }
  }
  return nullptr;
}

std::string free_name(const std::string& name, const std::vector<Column>& columns) {
  const auto taken = [&](const std::string& candidate) {
    return std::any_of(columns.begin(), columns.end(), [&](const Column& column) {
      return column.name == candidate && !column.hidden;
    });
  };
  std::string candidate = name;
  for (int number = 1; taken(candidate); ++number) {
    candidate = name + std::to_string(number);
  }
  return candidate;
}

Column Binder::define(Node& node, std::string name, const Value& value) {
  Column column;
  column.name = std::move(name);
  column.value = make_value(value.type, value.sql, value.nullable);
  column.value.as_array = value.as_array;
  if (value.sql->kind == SqlNode::Kind::kColumn) {
    // The same column under another name: no new number, and keys and indexes stay in reach.
    column.value.column = value.column;
    column.value.raw = value.raw;
    column.value.sql = value.sql;
  } else {
    const ColumnId id = fresh();
    node.definitions.push_back({id, value.sql});
    column.value.sql = kql::column(id);
  }
  column.value.name = column.name;
  return column;
}

const std::shared_ptr<Binding>* Binder::lookup(const EnvPtr& env, std::string_view name) {
  for (const Env* each = env.get(); each != nullptr; each = each->parent.get()) {
    if (each->name == name) {
      return &each->binding;
    }
  }
  return nullptr;
}

bool Binder::has_table(std::string_view name, const EnvPtr& env) const {
  const auto* found = lookup(env, name);
  return found != nullptr ? (*found)->kind != Binding::Kind::kScalar
                          : options_.catalog.find(name) != nullptr ||
                                options_.catalog.find_foreign(name) != nullptr;
}

std::vector<std::string> Binder::tables_like(std::string_view pattern) const {
  std::vector<std::string> names;
  for (const auto& table : options_.catalog.tables) {
    if (matches_pattern(table.name, pattern)) {
      names.emplace_back(table.name);
    }
  }
  return names;
}

bool Binder::is_table(const Expr& expr, const EnvPtr& env, int depth) const {
  if (depth > 32) {
    return false;
  }
  switch (expr.kind) {
    case Expr::Kind::kPipe:
    case Expr::Kind::kSource:
      return true;
    case Expr::Kind::kName: {
      const auto* found = lookup(env, expr.text);
      return found != nullptr ? (*found)->kind == Binding::Kind::kTable : has_table(expr.text, env);
    }
    case Expr::Kind::kCall: {
      if (expr.text == "materialize" || expr.text == "table") {
        return !expr.children.empty() &&
               (expr.text == "table" || is_table(*expr.children[0], env, depth + 1));
      }
      const auto* found = lookup(env, expr.text);
      if (found == nullptr || (*found)->kind != Binding::Kind::kFunction) {
        return false;
      }
      const Expr& function = *(*found)->expr;
      const Expr& body = *function.children[0];
      if (body.kind == Expr::Kind::kName) {
        for (const auto& parameter : function.parameters) {
          if (parameter.name == body.text) {
            return parameter.tabular;
          }
        }
        for (const auto& let : function.statements) {
          if (let->name == body.text) {
            return is_table(*let->value, (*found)->env, depth + 1);
          }
        }
      }
      return is_table(body, (*found)->env, depth + 1);
    }
    default:
      return false;
  }
}

Result<Relation> Binder::table(const Expr& expr, const EnvPtr& env) {
  if (++bound_operators_ > 4000) {
    return fail(error_at(
        expr.span, ErrorCode::kLimit,
        "the query grows too large when its let statements are put in; use materialize()"));
  }
  switch (expr.kind) {
    case Expr::Kind::kPipe: {
      Relation first = TRY(table(*expr.children[0], env));
      return pipe(std::move(first), expr.operators, env);
    }
    case Expr::Kind::kSource:
      return bind_source(*this, *expr.operators[0], env);
    case Expr::Kind::kName: {
      if (const auto* found = lookup(env, expr.text)) {
        Binding& binding = **found;
        if (binding.kind == Binding::Kind::kTable) {
          Relation made =
              binding.relation ? reread(*binding.relation) : TRY(table(*binding.expr, binding.env));
          made.table = expr.text;
          return made;
        }
        if (binding.kind == Binding::Kind::kFunction && binding.expr->parameters.empty()) {
          Scope scope{.env = env};
          Expr call;
          call.kind = Expr::Kind::kCall;
          call.span = expr.span;
          call.text = expr.text;
          const EnvPtr inner = TRY(call_env(call, binding, scope));
          Relation made = TRY(table(*binding.expr->children[0], inner));
          made.table = expr.text;
          return made;
        }
        return fail(
            error_at(expr.span, ErrorCode::kInvalidInput, expr.text + " is a value, not a table"));
      }
      if (expr.text.find('*') != std::string::npos) {
        return fail(error_at(expr.span, ErrorCode::kInvalidInput,
                             "a pattern of tables stands in union only"));
      }
      return scan(expr.text, expr.span);
    }
    case Expr::Kind::kCall: {
      if (const auto* found = lookup(env, expr.text)) {
        Binding& binding = **found;
        if (binding.kind == Binding::Kind::kFunction) {
          Scope scope{.env = env};
          const EnvPtr inner = TRY(call_env(expr, binding, scope));
          if (++calls_ > 64) {
            return fail(error_at(expr.span, ErrorCode::kLimit, "functions are nested too deeply"));
          }
          Relation made = TRY(table(*binding.expr->children[0], inner));
          --calls_;
          made.table = expr.text;
          return made;
        }
      }
      if (expr.text == "materialize" && expr.children.size() == 1) {
        return shared(*expr.children[0], env);
      }
      if (expr.text == "table" && !expr.children.empty()) {
        const Value name = TRY(constant(*expr.children[0], env));
        if (name.text() == nullptr) {
          return fail(
              error_at(expr.span, ErrorCode::kInvalidInput, "table() needs a name as text"));
        }
        return scan(*name.text(), expr.children[0]->span);
      }
      return fail(error_at(expr.span, ErrorCode::kUnsupported,
                           "the function " + expr.text + " cannot be used as a table"));
    }
    default:
      break;
  }
  return fail(error_at(expr.span, ErrorCode::kInvalidInput, "a table is needed here"));
}

Result<Relation> Binder::shared(const Expr& expr, const EnvPtr& env) {
  const auto known = shared_by_expr_.find(&expr);
  if (known == shared_by_expr_.end()) {
    const std::size_t index = TRY(share(TRY(table(expr, env)), expr.span));
    shared_by_expr_[&expr] = index;
    return read_shared(index);
  }
  return read_shared(known->second);
}

Result<std::size_t> Binder::share(Relation relation, Span span) {
  // The statement's readers see its columns under numbers of their own.
  SharedPart shared{node_over(Node::Kind::kProject, relation.plan), {}};
  for (const auto& column : relation.columns) {
    if (column.value.sql->kind == SqlNode::Kind::kColumn) {
      shared.columns.push_back(column.value.sql->number);
    }
  }
  shared_.push_back(std::move(shared));
  shared_relations_.push_back(std::move(relation));
  if (shared_.size() > 64) {
    return fail(error_at(span, ErrorCode::kLimit, "more than 64 uses of materialize"));
  }
  return shared_.size() - 1;
}

Relation Binder::reread(const Relation& relation) {
  auto node = node_over(Node::Kind::kProject, relation.plan);
  node->opaque = true;
  std::map<ColumnId, ColumnId> renamed;
  const auto moved = [&](const Sql& old) {
    auto [place, first] = renamed.try_emplace(old->number, 0);
    if (first) {
      place->second = fresh();
      node->definitions.push_back({place->second, old});
    }
    return kql::column(place->second);
  };
  Relation made = relation;
  for (auto& column : made.columns) {
    column.value.sql = moved(column.value.sql);
    if (column.value.raw) {
      column.value.raw = moved(column.value.raw);
    }
  }
  for (auto& key : made.order) {
    key.sql = moved(key.sql);
  }
  made.plan = std::move(node);
  return made;
}

Result<Relation> Binder::read_shared(std::size_t index) {
  auto node = std::make_shared<Node>();
  node->kind = Node::Kind::kShared;
  node->number = static_cast<std::int64_t>(index);
  Relation made;
  std::map<ColumnId, ColumnId> renamed;
  for (const auto& column : shared_relations_[index].columns) {
    Column copy = column;
    const ColumnId old = column.value.sql->number;
    auto [place, fresh_one] = renamed.try_emplace(old, 0);
    if (fresh_one) {
      place->second = fresh();
      node->definitions.push_back({place->second, kql::column(old)});
    }
    copy.value.sql = kql::column(place->second);
    copy.value.column = nullptr;
    copy.value.raw = nullptr;
    made.columns.push_back(std::move(copy));
  }
  made.plan = std::move(node);
  return made;
}

Result<Relation> Binder::scan(std::string_view name, Span span) {
  const schema::Table* table = options_.catalog.find(name);
  if (table == nullptr) {
    if (const auto* foreign = options_.catalog.find_foreign(name)) {
      note("The table " + std::string(name) + " is another product's: it holds no rows here.");
      std::vector<ColumnDecl> columns;
      for (const auto& each : foreign->columns) {
        columns.push_back({std::string(each.name), {}, each.type});
      }
      columns.push_back({"IngestTime", {}, Type::kDateTime});
      Relation empty = constant_table(*this, columns, {});
      empty.columns.back().hidden = true;
      empty.table = name;
      return empty;
    }
    std::vector<std::string_view> names;
    for (const auto& each : options_.catalog.tables) {
      names.push_back(each.name);
    }
    for (const auto& each : options_.catalog.foreign) {
      names.push_back(each.name);
    }
    Error error = error_at(span, ErrorCode::kInvalidInput, "unknown table " + std::string(name));
    if (const auto near = nearest_name(name, names); !near.empty()) {
      error.hint = "did you mean " + std::string(near) + "?";
    }
    return fail(std::move(error));
  }
  if (std::ranges::find(tables_, table->name) == tables_.end()) {
    tables_.emplace_back(table->name);
  }
  auto node = std::make_shared<Node>();
  node->kind = Node::Kind::kScan;
  node->text = table->name;
  Relation made;
  made.table = table->name;
  const Column* device = nullptr;
  for (const auto& each : table->columns) {
    const Value seen = stored_value(each);
    Column column;
    column.name = each.name;
    column.hidden = each.hidden;
    const ColumnId id = fresh();
    node->definitions.push_back({id, seen.sql});
    column.value = make_value(seen.type, kql::column(id), seen.nullable);
    column.value.as_array = seen.as_array;
    column.value.column = &each;
    column.value.name = column.name;
    if (seen.sql->kind == SqlNode::Kind::kStored) {
      column.value.raw = column.value.sql;
    } else {
      const ColumnId raw = fresh();
      node->definitions.push_back({raw, stored(each.name)});
      column.value.raw = kql::column(raw);
    }
    made.columns.push_back(std::move(column));
  }
  made.plan = std::move(node);
  for (const auto& column : made.columns) {
    if (column.name == "DeviceId") {
      device = &column;
    }
  }
  if (!options_.scope.all) {
    auto filter = node_over(Node::Kind::kFilter, made.plan);
    filter->predicates.push_back(
        device == nullptr
            ? boolean(false)
            : infix("IN", device->value.raw, param_texts(options_.scope.device_ids_or_groups)));
    made.plan = std::move(filter);
  }
  if (options_.empty_tables) {
    made.plan = node_over(Node::Kind::kEmpty, made.plan);
  }
  return made;
}

Result<Relation> Binder::pipe(Relation input,
                              const std::vector<std::unique_ptr<Operator>>& operators,
                              const EnvPtr& env) {
  EnvPtr scope = env;
  for (const auto& op : operators) {
    ++bound_operators_;
    input = TRY(bind_operator(*this, *op, std::move(input), scope));
  }
  return input;
}

Result<EnvPtr> Binder::bind_lets(const std::vector<std::unique_ptr<Statement>>& lets, EnvPtr env) {
  for (const auto& let : lets) {
    auto binding = std::make_shared<Binding>();
    binding->env = env;
    binding->expr = let->value.get();
    if (let->value->kind == Expr::Kind::kFunction) {
      binding->kind = Binding::Kind::kFunction;
    } else if (is_table(*let->value, env)) {
      binding->kind = Binding::Kind::kTable;
    } else {
      Scope scope{.env = env};
      binding->kind = Binding::Kind::kScalar;
      binding->value = TRY(scalar(*let->value, scope));
      binding->value.name.clear();
    }
    env = std::make_shared<const Env>(Env{let->name, std::move(binding), std::move(env)});
  }
  return env;
}

Result<EnvPtr> Binder::call_env(const Expr& call, const Binding& function, Scope& scope,
                                const Relation* piped) {
  const Expr& definition = *function.expr;
  EnvPtr env = function.env;
  const std::size_t skipped = piped != nullptr ? 1 : 0;
  if (call.children.size() + skipped > definition.parameters.size()) {
    return fail(error_at(call.span, ErrorCode::kInvalidInput,
                         call.text + "() takes " +
                             std::to_string(definition.parameters.size() - skipped) +
                             " arguments"));
  }
  for (std::size_t i = 0; i < definition.parameters.size(); ++i) {
    const Parameter& parameter = definition.parameters[i];
    if (i < skipped) {
      auto binding = std::make_shared<Binding>();
      binding->kind = Binding::Kind::kTable;
      binding->relation = std::make_shared<const Relation>(*piped);
      env = std::make_shared<const Env>(Env{parameter.name, std::move(binding), std::move(env)});
      continue;
    }
    const Expr* argument =
        i - skipped < call.children.size() ? call.children[i - skipped].get() : nullptr;
    if (argument != nullptr && argument->kind == Expr::Kind::kNamed) {
      argument = nullptr;  // given by its name, and found below
    }
    for (const auto& child : call.children) {
      if (child->kind == Expr::Kind::kNamed && child->names[0] == parameter.name) {
        argument = child->children[0].get();
      }
    }
    if (argument == nullptr && !parameter.otherwise) {
      return fail(error_at(call.span, ErrorCode::kInvalidInput,
                           call.text + "() needs the argument " + parameter.name));
    }
    auto binding = std::make_shared<Binding>();
    if (parameter.tabular) {
      binding->kind = Binding::Kind::kTable;
      binding->expr = argument;
      binding->env = scope.env;
    } else {
      Scope outside{.env = function.env};
      Value value = argument != nullptr ? TRY(scalar(*argument, scope))
                                        : TRY(scalar(*parameter.otherwise, outside));
      const Span span = argument != nullptr ? argument->span : call.span;
      binding->value = TRY(converted(value, parameter.type, span));
      binding->value.name.clear();
    }
    env = std::make_shared<const Env>(Env{parameter.name, std::move(binding), std::move(env)});
  }
  return bind_lets(definition.statements, std::move(env));
}

}  // namespace spoor::kql
