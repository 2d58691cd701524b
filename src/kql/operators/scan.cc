// scan: rows in their order through the steps of a sequence, each step with the rows that matched
// before in reach.
//
// The rows of a key are folded into one state a step. A state is a tuple: whether a sequence has
// come to this step, its number, and the values of earlier rows that conditions and assignments
// name. What the steps give out is joined back to the rows by their number.

#include <algorithm>
#include <set>

#include "kql/emit/forms.h"
#include "kql/operators/operators.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {
namespace {

constexpr std::string_view kMostRows = "20000";

/// Names of the form step.column become one name each.
void join_references(Expr& expr, const std::set<std::string>& steps) {
  if (expr.kind == Expr::Kind::kMember && expr.children[0]->kind == Expr::Kind::kName &&
      steps.contains(expr.children[0]->text)) {
    expr.kind = Expr::Kind::kName;
    expr.text = expr.children[0]->text + "." + expr.text;
    expr.children.clear();
    return;
  }
  for (auto& child : expr.children) {
    join_references(*child, steps);
  }
}

}  // namespace

// The operator holds the declared columns with their defaults in values, and a step in each of
// tables: a source of one operator with its condition in exprs and its assignments in by.
Result<void> Parser::scan(Operator& op) {
  TRY_VOID(options(op));
  if (accept("declare")) {
    TRY_VOID(expect("("));
    while (!at(")")) {
      ColumnDecl decl;
      decl.span = peek().span;
      decl.name = TRY(name("a column"));
      TRY_VOID(expect(":"));
      decl.type = TRY(type());
      op.columns.push_back(std::move(decl));
      op.values.push_back(accept("=") ? TRY(expression()) : nullptr);
      if (!accept(",")) {
        break;
      }
    }
    TRY_VOID(expect(")"));
  }
  TRY_VOID(expect("with"));
  TRY_VOID(expect("("));
  std::set<std::string> names;
  while (!at(")")) {
    TRY_VOID(expect("step"));
    auto made = TRY(make(Expr::Kind::kSource, peek().span.begin));
    auto step = std::make_unique<Operator>();
    step->span = peek().span;
    step->name = TRY(name("a step"));
    if (!names.insert(step->name).second) {
      return fail(error_at(step->span, ErrorCode::kInvalidInput,
                           "the step " + step->name + " is given twice"));
    }
    if (at("optional")) {
      return fail(error_at(peek().span, ErrorCode::kUnsupported,
                           "optional steps of scan are not supported"));
    }
    if (accept("output")) {
      TRY_VOID(expect("="));
      step->text = TRY(name("all or none"));
      if (step->text != "all" && step->text != "none") {
        return fail(error_at(tokens_[at_ - 1].span, ErrorCode::kUnsupported,
                             "scan with output=" + step->text + " is not supported"));
      }
    }
    TRY_VOID(expect(":"));
    step->exprs.push_back(TRY(expression()));
    if (accept("=>")) {
      do {
        step->by.push_back(TRY(named()));
        if (step->by.back()->kind != Expr::Kind::kNamed) {
          return fail(error_at(step->by.back()->span, ErrorCode::kInvalidInput,
                               "an assignment of scan is column = value"));
        }
      } while (accept(","));
    }
    TRY_VOID(expect(";"));
    made->operators.push_back(std::move(step));
    op.tables.push_back(TRY(finish(std::move(made))));
  }
  TRY_VOID(expect(")"));
  if (op.tables.empty() || op.tables.size() > 16) {
    return fail(error_at(op.span, ErrorCode::kLimit, "scan takes 1 to 16 steps"));
  }
  for (auto& each : op.tables) {
    Operator& step = *each->operators[0];
    join_references(*step.exprs[0], names);
    for (auto& assignment : step.by) {
      join_references(*assignment->children[0], names);
    }
  }
  return {};
}

namespace {

void names_in(const Expr& expr, std::set<std::string>& into) {
  if (expr.kind == Expr::Kind::kName) {
    into.insert(expr.text);
  }
  for (const auto& child : expr.children) {
    names_in(*child, into);
  }
}

/// A value of an earlier row: "step.column".
struct Reference {
  std::string name;
  std::size_t step = 0;
  std::string column;
  Type type = Type::kString;
};

/// A column the steps give a value: declared, or one of the rows'.
struct Output {
  std::string name;
  Type type = Type::kString;
  std::optional<Value> otherwise;  ///< of a declared column
};

bool is_text(Type type) { return type == Type::kString || type == Type::kDynamic; }

Sql plain_of(const Value& value) {
  return value.type == Type::kDynamic ? dynamic_of(value) : value.sql;
}

Sql fixed(const Value& value) { return cast(plain_of(value), sql_type(value.type, true)); }

/// Builds the fold.
class Fold {
 public:
  Fold(Binder& binder, const Operator& op, const EnvPtr& env)
      : binder_(binder), op_(op), env_(env) {}

  std::vector<Column> fields;  ///< columns of the rows that the steps read
  std::vector<Reference> references;
  std::vector<Output> outputs;

  Result<void> prepare(const Relation& rows) {
    for (std::size_t i = 0; i < op_.columns.size(); ++i) {
      const ColumnDecl& decl = op_.columns[i];
      Value value = constant_value(decl.type, std::monostate{});
      if (op_.values[i]) {
        value = TRY(binder_.converted(TRY(binder_.constant(*op_.values[i], env_)), decl.type,
                                      op_.values[i]->span));
      }
      outputs.push_back({decl.name, decl.type, value});
    }
    std::set<std::string> names;
    for (const auto& each : op_.tables) {
      const Operator& step = *each->operators[0];
      names_in(*step.exprs[0], names);
      for (const auto& assignment : step.by) {
        names_in(*assignment, names);
        const std::string& target = assignment->names[0];
        if (find_output(target) == nullptr) {
          const Column* column = rows.find(target);
          if (column == nullptr) {
            return fail(error_at(assignment->span, ErrorCode::kInvalidInput,
                                 "scan assigns to " + target + ", which is not declared"));
          }
          names.insert(target);
          outputs.push_back({target, column->value.type, std::nullopt});
        }
      }
    }
    for (const auto& name : names) {
      const auto dot = name.find('.');
      const std::string column = dot == std::string::npos ? name : name.substr(dot + 1);
      for (std::size_t i = 0; dot != std::string::npos && i < op_.tables.size(); ++i) {
        if (op_.tables[i]->operators[0]->name != name.substr(0, dot)) {
          continue;
        }
        const Output* output = find_output(column);
        const Column* found = rows.find(column);
        if (output == nullptr && found == nullptr) {
          return fail(error_at(op_.tables[i]->span, ErrorCode::kInvalidInput,
                               "scan knows no column " + column + " of the step"));
        }
        references.push_back(
            {name, i, column, output != nullptr ? output->type : found->value.type});
      }
      if (const Column* found = rows.find(column); found != nullptr) {
        const bool present = std::any_of(fields.begin(), fields.end(),
                                         [&](const Column& each) { return each.name == column; });
        if (!present) {
          fields.push_back(*found);
        }
      }
    }
    return {};
  }

  [[nodiscard]] std::string output_type() const {
    std::string type = "Tuple(Int64, Int64";
    for (const auto& each : outputs) {
      type += ", " + sql_type(each.type, true);
    }
    return type + ")";
  }

  /// The array of outputs over the arrays of row numbers and fields.
  Result<Sql> over_rows(const Sql& numbers, const std::vector<Sql>& arrays) {
    std::vector<Sql> states;
    for (std::size_t i = 0; i < op_.tables.size(); ++i) {
      states.push_back(empty_state());
    }
    states.push_back(cast(keyword("0"), "Int64"));
    states.push_back(cast(keyword("[]"), "Array(" + output_type() + ")"));
    std::string type = "Tuple(";
    for (std::size_t i = 0; i < op_.tables.size(); ++i) {
      type += state_type() + ", ";
    }
    type += "Int64, Array(" + output_type() + "))";
    Error error;
    bool failed = false;
    const Sql body = lambda(2 + arrays.size(), [&](std::span<const Sql> variables) {
      row_number_ = variables[1];
      row_.assign(variables.begin() + 2, variables.end());
      std::vector<Sql> now;
      for (std::size_t i = 0; i < op_.tables.size() + 2; ++i) {
        now.push_back(member(variables[0], static_cast<std::int64_t>(i) + 1));
      }
      auto after = step(op_.tables.size(), std::move(now));
      if (!after) {
        error = std::move(after).error();
        failed = true;
        return null();
      }
      return cast(*after, type);
    });
    if (failed) {
      return fail(std::move(error));
    }
    std::vector<Sql> arguments{body, numbers};
    arguments.insert(arguments.end(), arrays.begin(), arrays.end());
    arguments.push_back(cast(tuple(std::move(states)), type));
    return member(call("arrayFold", std::move(arguments)),
                  static_cast<std::int64_t>(op_.tables.size()) + 2);
  }

 private:
  [[nodiscard]] const Output* find_output(const std::string& name) const {
    for (const auto& each : outputs) {
      if (each.name == name) {
        return &each;
      }
    }
    return nullptr;
  }

  [[nodiscard]] std::string state_type() const {
    std::string type = "Tuple(UInt8, Int64";
    for (const auto& each : references) {
      type += ", " + sql_type(each.type, true);
    }
    return type + ")";
  }

  [[nodiscard]] Sql empty_state() const {
    std::vector<Sql> parts{keyword("0"), keyword("0")};
    for (const auto& each : references) {
      const Output* output = find_output(each.column);
      parts.push_back(fixed(output != nullptr && output->otherwise
                                ? *output->otherwise
                                : constant_value(each.type, std::monostate{})));
    }
    return cast(tuple(std::move(parts)), state_type());
  }

  /// The row with the values of `state` in reach.
  [[nodiscard]] Relation row_with(const Sql& state) const {
    Relation row;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      Column column;
      column.name = fields[i].name;
      column.value = make_value(fields[i].value.type, row_[i], true);
      column.value.name = column.name;
      row.columns.push_back(std::move(column));
    }
    for (const auto& each : outputs) {
      if (each.otherwise) {
        row.columns.push_back({each.name, *each.otherwise});
      }
    }
    for (std::size_t i = 0; i < references.size(); ++i) {
      Column column;
      column.name = references[i].name;
      column.value =
          make_value(references[i].type, member(state, static_cast<std::int64_t>(i) + 3), true);
      row.columns.push_back(std::move(column));
    }
    return row;
  }

  Result<Sql> condition(const Operator& step, const Sql& state) {
    const Relation row = row_with(state);
    Scope scope{.row = &row, .env = env_};
    const Value value = TRY(binder_.predicate(*step.exprs[0], scope));
    return if_null(cast(value.sql, "Nullable(Bool)"), boolean(false));
  }

  /// Steps `count`…1, the last of them first. `now` are the states, the next number of a sequence,
  /// and what was given out.
  Result<Sql> step(std::size_t count, std::vector<Sql> now) {
    if (count == 0) {
      return tuple(std::move(now));
    }
    const std::size_t at = count - 1;
    const std::size_t next_at = op_.tables.size();
    const Operator& current = *op_.tables[at]->operators[0];
    const Sql active = member(now[at], 1);
    Sql stays = TRY(condition(current, now[at]));
    if (at > 0) {
      stays = infix("AND", equals(active, keyword("1")), stays);
    }
    Sql way = if_(stays, keyword("2"), keyword("0"));
    if (at > 0) {
      const Sql comes = infix("AND", equals(member(now[at - 1], 1), keyword("1")),
                              TRY(condition(current, now[at - 1])));
      way = if_(comes, keyword("1"), way);
    }
    Error error;
    bool failed = false;
    const auto keep = [&](Result<Sql> made) {
      if (!made) {
        error = std::move(made).error();
        failed = true;
        return null();
      }
      return *made;
    };
    const Sql after = once(way, [&](const Sql& taken) {
      const Sql base = at > 0 ? if_(equals(taken, keyword("1")), now[at - 1], now[at]) : now[at];
      return once(base, [&](const Sql& state) {
        return keep(matched(at, current, std::move(now), taken, state, next_at));
      });
    });
    return failed ? Result<Sql>(fail(std::move(error))) : Result<Sql>(after);
  }

  Result<Sql> matched(std::size_t at, const Operator& current, std::vector<Sql> now,
                      const Sql& taken, const Sql& state, std::size_t next_at) {
    const Relation row = row_with(state);
    std::map<std::string, Sql> assigned;
    for (const auto& assignment : current.by) {
      const Output& target = *find_output(assignment->names[0]);
      Scope scope{.row = &row, .env = env_};
      const Value value = TRY(binder_.converted(
          TRY(binder_.scalar(*assignment->children[0], scope)), target.type, assignment->span));
      assigned[target.name] = fixed(value);
    }
    const auto value_of = [&](const std::string& name) {
      if (const auto found = assigned.find(name); found != assigned.end()) {
        return found->second;
      }
      return fixed(row.find(name)->value);
    };
    const bool first = at == 0;
    const Sql fresh =
        infix("AND", equals(taken, keyword("2")), equals(member(state, 1), keyword("0")));
    const Sql number = first ? if_(fresh, now[next_at], member(state, 2)) : member(state, 2);
    std::vector<Sql> parts{keyword("1"), number};
    for (std::size_t i = 0; i < references.size(); ++i) {
      parts.push_back(references[i].step == at ? value_of(references[i].column)
                                               : member(state, static_cast<std::int64_t>(i) + 3));
    }
    const Sql none = equals(taken, keyword("0"));
    std::vector<Sql> later = now;
    later[at] = if_(none, now[at], cast(tuple(std::move(parts)), state_type()));
    if (at > 0) {
      later[at - 1] = if_(equals(taken, keyword("1")), empty_state(), now[at - 1]);
    } else {
      later[next_at] = if_(fresh, infix("+", now[next_at], int64(1)), now[next_at]);
    }
    if (current.text != "none") {
      std::vector<Sql> given{row_number_, number};
      for (const auto& each : outputs) {
        given.push_back(value_of(each.name));
      }
      later[next_at + 1] = if_(
          none, now[next_at + 1],
          call("arrayPushBack", {now[next_at + 1], cast(tuple(std::move(given)), output_type())}));
    }
    // Computed once, for the steps before.
    Error error;
    bool failed = false;
    const Sql rest = once(tuple(std::move(later)), [&](const Sql& all) {
      std::vector<Sql> members;
      for (std::size_t i = 0; i < next_at + 2; ++i) {
        members.push_back(member(all, static_cast<std::int64_t>(i) + 1));
      }
      auto made = step(at, std::move(members));
      if (!made) {
        error = std::move(made).error();
        failed = true;
        return null();
      }
      return *made;
    });
    return failed ? Result<Sql>(fail(std::move(error))) : Result<Sql>(rest);
  }

  Binder& binder_;
  const Operator& op_;
  const EnvPtr& env_;
  Sql row_number_;
  std::vector<Sql> row_;
};

}  // namespace

Bound bind_scan(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  if (!input.serialized) {
    Error error = error_at(op.span, ErrorCode::kInvalidInput, "scan needs rows in an order");
    error.hint = "put sort or serialize before it";
    return fail(std::move(error));
  }
  // The rows get numbers, and are computed once for the fold and for the join back.
  auto numbered = node_over(Node::Kind::kWindow, input.plan);
  std::vector<Sql> operands;
  std::string window;
  const auto add = [&](const Sql& sql, std::string_view order) {
    if (operands.size() < 9) {
      operands.push_back(sql);
      window += (window.empty() ? "ORDER BY $" : ", $") + std::to_string(operands.size());
      window += order;
    }
  };
  for (const auto& key : input.divided) {
    add(key.sql, " ASC NULLS FIRST");
  }
  for (const auto& key : input.order) {
    add(key.sql, std::string(key.descending ? " DESC" : " ASC") +
                     (key.nulls_first ? " NULLS FIRST" : " NULLS LAST"));
  }
  Column number = binder.define(
      *numbered, "$rn",
      make_value(Type::kLong, call("toInt64", {over(call("row_number", {}), window, operands)}),
                 false));
  number.hidden = true;
  const std::size_t divided = input.divided.size();
  for (std::size_t i = 0; i < divided; ++i) {
    Column key{"$div" + std::to_string(i), input.divided[i]};
    key.hidden = true;
    input.columns.push_back(std::move(key));
  }
  input.columns.push_back(std::move(number));
  input.plan = std::move(numbered);
  const std::size_t shared = TRY(binder.share(input, op.span));
  const Relation source = TRY(binder.read_shared(shared));
  Relation rows = TRY(binder.read_shared(shared));
  Fold fold(binder, op, env);
  TRY_VOID(fold.prepare(source));
  auto group = node_over(Node::Kind::kAggregate, source.plan);
  for (std::size_t i = 0; i < divided; ++i) {
    group->keys.push_back({binder.fresh(), source.find("$div" + std::to_string(i))->value.sql});
  }
  std::vector<Sql> parts{source.find("$rn")->value.sql};
  for (const auto& field : fold.fields) {
    parts.push_back(fixed(field.value));
  }
  const ColumnId packed = binder.fresh();
  group->definitions.push_back({packed, call("groupArray", {tuple(std::move(parts))})});
  auto sorted = node_over(Node::Kind::kProject, group);
  const ColumnId in_order = binder.fresh();
  sorted->definitions.push_back(
      {in_order,
       if_(equals(call("throwIf", {infix(">", call("length", {column(packed)}), keyword(kMostRows)),
                                   quoted("scan takes at most 20,000 rows of a key")}),
                  keyword("0")),
           call("arraySort",
                {lambda([](const Sql& row) { return member(row, 1); }), column(packed)}),
           column(packed))});
  auto arrays = node_over(Node::Kind::kProject, sorted);
  std::vector<Sql> columns;
  for (std::size_t i = 0; i <= fold.fields.size(); ++i) {
    const ColumnId id = binder.fresh();
    arrays->definitions.push_back(
        {id, call("arrayMap", {lambda([i](const Sql& row) {
                                 return member(row, static_cast<std::int64_t>(i) + 1);
                               }),
                               column(in_order)})});
    columns.push_back(column(id));
  }
  auto folded = node_over(Node::Kind::kProject, arrays);
  const ColumnId given = binder.fresh();
  folded->definitions.push_back(
      {given, TRY(fold.over_rows(columns[0], {columns.begin() + 1, columns.end()}))});
  auto expand = node_over(Node::Kind::kExpand, folded);
  const ColumnId one = binder.fresh();
  const ColumnId place = binder.fresh();
  expand->definitions.push_back({one, column(given)});
  expand->definitions.push_back({place, call("arrayEnumerate", {column(given)})});
  auto values = node_over(Node::Kind::kProject, expand);
  const ColumnId row_id = binder.fresh();
  values->definitions.push_back({row_id, member(column(one), 1)});
  std::vector<Column> made;
  const Column match =
      binder.define(*values, "$match", make_value(Type::kLong, member(column(one), 2), false));
  for (std::size_t i = 0; i < fold.outputs.size(); ++i) {
    const Output& output = fold.outputs[i];
    made.push_back(
        binder.define(*values, output.name,
                      make_value(output.type, member(column(one), static_cast<std::int64_t>(i) + 3),
                                 !is_text(output.type))));
  }
  auto join = std::make_shared<Node>();
  join->kind = Node::Kind::kJoin;
  join->text = "INNER";
  join->inputs = {rows.plan, values};
  join->on.emplace_back(rows.find("$rn")->value.sql, column(row_id));
  rows.order = {{rows.find("$rn")->value.sql, false, false, false},
                {column(place), false, false, false}};
  auto sort = node_over(Node::Kind::kSort, join);
  sort->sort = rows.order;
  rows.plan = std::move(sort);
  rows.serialized = true;
  rows.divided.clear();
  for (std::size_t i = 0; i < divided; ++i) {
    rows.divided.push_back(rows.find("$div" + std::to_string(i))->value);
  }
  std::erase_if(rows.columns, [](const Column& each) {
    return each.name == "$rn" || each.name.starts_with("$div");
  });
  for (auto& each : made) {
    const auto present = std::find_if(rows.columns.begin(), rows.columns.end(),
                                      [&](const Column& other) { return other.name == each.name; });
    if (present == rows.columns.end()) {
      rows.columns.push_back(std::move(each));
    } else {
      *present = std::move(each);
    }
  }
  if (const Expr* id = op.option("with_match_id")) {
    Column named = match;
    named.name = id->text;
    named.value.name = id->text;
    rows.columns.push_back(std::move(named));
  }
  return rows;
}

}  // namespace spoor::kql
