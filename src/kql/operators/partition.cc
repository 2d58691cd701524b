// partition: a sub-query over the rows of each key.

#include "kql/emit/forms.h"
#include "kql/operators/operators.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {

Result<void> Parser::partition(Operator& op) {
  TRY_VOID(options(op));
  TRY_VOID(expect("by"));
  auto key = TRY(make(Expr::Kind::kName, peek().span.begin));
  key->text = TRY(name("a column"));
  op.by.push_back(TRY(finish(std::move(key))));
  const std::string_view close = at("{") ? "}" : ")";
  if (!accept("{")) {
    TRY_VOID(expect("("));
  }
  if (close == "}" && (peek().kind != Token::Kind::kName || at("(", 1) || at("|", 1))) {
    return fail(error_at(peek().span, ErrorCode::kUnsupported,
                         "a query of its own inside partition is not supported"));
  }
  auto body = TRY(make(Expr::Kind::kPipe, peek().span.begin));
  do {
    body->operators.push_back(TRY(operator_()));
  } while (accept("|"));
  TRY_VOID(expect(close));
  op.tables.push_back(TRY(finish(std::move(body))));
  return {};
}

Bound bind_partition(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  Scope scope{.row = &input, .env = env};
  const Value value = TRY(binder.scalar(*op.by[0], scope));
  if (value.type == Type::kDynamic) {
    return fail(error_at(op.by[0]->span, ErrorCode::kInvalidInput,
                         "partition does not divide by a dynamic; use tostring()"));
  }
  auto node = node_over(Node::Kind::kProject, input.plan);
  const ColumnId id = binder.fresh();
  node->definitions.push_back({id, value.sql});
  Column key;
  key.name = "$key";
  key.value = make_value(value.type, column(id), value.nullable);
  input.plan = std::move(node);
  Relation made = TRY(bind_steps(binder, op, std::move(input), key, {}, env));
  made.serialized = false;
  made.order.clear();
  made.divided.clear();
  return made;
}

}  // namespace spoor::kql
