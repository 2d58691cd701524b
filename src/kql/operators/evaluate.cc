// evaluate: the plugins by name.

#include "kql/operators/operators.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {

Result<void> Parser::evaluate(Operator& op) {
  TRY_VOID(options(op));
  op.text = peek().text;
  op.exprs.push_back(TRY(primary()));
  if (op.exprs[0]->kind != Expr::Kind::kCall) {
    return fail(
        error_at(op.exprs[0]->span, ErrorCode::kInvalidInput, "evaluate needs a call: plugin(…)"));
  }
  if (!accept(":")) {
    return {};
  }
  // The columns that the caller promises: (*, name:type, …).
  op.has_by = true;
  TRY_VOID(expect("("));
  while (!at(")")) {
    ColumnDecl decl;
    decl.span = peek().span;
    if (accept("*")) {
      decl.name = "*";
    } else {
      decl.name = TRY(name("a column's name"));
      TRY_VOID(expect(":"));
      decl.type = TRY(type());
    }
    op.columns.push_back(std::move(decl));
    if (!accept(",")) {
      break;
    }
  }
  return expect(")");
}

Bound bind_evaluate(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  const Expr& call = *op.exprs[0];
  if (call.text == "bag_unpack") {
    return bind_bag_unpack(binder, op, std::move(input), env);
  }
  if (op.has_by) {
    return fail(error_at(op.columns.empty() ? op.span : op.columns[0].span, ErrorCode::kUnsupported,
                         "evaluate " + call.text + " with a schema is not supported"));
  }
  if (call.text == "pivot") {
    return bind_pivot(binder, op, std::move(input), env);
  }
  if (call.text == "narrow") {
    return bind_narrow(binder, op, std::move(input));
  }
  if (call.text == "value_counts") {
    return bind_value_counts(binder, op, std::move(input), env);
  }
  if (call.text == "ipv4_lookup") {
    return bind_ipv4_lookup(binder, op, std::move(input), env);
  }
  return fail(
      error_at(call.span, ErrorCode::kUnsupported, "evaluate " + call.text + " is not supported"));
}

}  // namespace spoor::kql
