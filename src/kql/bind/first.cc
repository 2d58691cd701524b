// Statements that run before the query's own, and what the reader of an answer is told.

#include <algorithm>

#include "kql/bind/binder.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {

void Binder::note(std::string text) {
  if (std::find(notes_.begin(), notes_.end(), text) == notes_.end()) {
    notes_.push_back(std::move(text));
  }
}

Value Binder::first_value(PreStatement statement, Constant unknown, bool& known) {
  const std::size_t index = first_.size();
  const Type type = statement.type;
  first_.push_back(std::move(statement));
  known = index < options_.first_results.size();
  return constant_value(type, known ? options_.first_results[index] : std::move(unknown));
}

Result<Value> Binder::first_value(const NodePtr& plan, const Value& value, Constant unknown,
                                  bool& known) {
  const Printed printed = TRY(print_plan(plan, {output_form(value)}, shared_, subqueries_));
  return first_value({printed.sql, printed.parameters, value.type}, std::move(unknown), known);
}

Result<Value> Binder::evaluated(const Value& value) {
  bool reads = false;
  visit_columns(value.sql, [&](std::int64_t) { reads = true; });
  if (value.is_constant() || reads) {
    return value;
  }
  auto one = node_over(Node::Kind::kProject, std::make_shared<Node>());
  const Column column = define(*one, "$value", value);
  Constant unknown;
  if (value.type == Type::kString) {
    unknown = std::string();
  } else if (value.type == Type::kDynamic) {
    unknown = std::string("[\"\"]");
  }
  bool known = false;
  return first_value(one, column.value, std::move(unknown), known);
}

Result<const Expr*> Binder::own_query(std::string_view text) {
  own_.push_back(std::make_unique<Query>(TRY(parse(text))));
  return own_.back()->body.get();
}

}  // namespace spoor::kql
