// invoke: the piped table through a function of let, or through one of the product's functions.

#include "base/text.h"
#include "kql/operators/operators.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {

Result<void> Parser::invoke(Operator& op) {
  op.exprs.push_back(TRY(primary()));
  const Expr& call = *op.exprs[0];
  if (call.kind != Expr::Kind::kCall) {
    return fail(error_at(call.span, ErrorCode::kInvalidInput, "invoke needs a call: f(…)"));
  }
  return {};
}

Result<Relation> Binder::invoke(const Expr& call, Relation input, const EnvPtr& env) {
  const auto* found = lookup(env, call.text);
  if (found == nullptr) {
    return invoke_product_function(*this, call, std::move(input), env);
  }
  const Binding& binding = **found;
  if (binding.kind != Binding::Kind::kFunction) {
    return fail(error_at(call.span, ErrorCode::kInvalidInput, call.text + " is no function"));
  }
  if (binding.expr->parameters.empty() || !binding.expr->parameters[0].tabular) {
    Error error = error_at(call.span, ErrorCode::kInvalidInput,
                           "the first parameter of " + call.text + "() is no table");
    error.hint = "declare it as " + call.text + " = (T:(*)) { … }";
    return fail(std::move(error));
  }
  if (++calls_ > 64) {
    return fail(error_at(call.span, ErrorCode::kLimit, "functions are nested too deeply"));
  }
  Scope scope{.row = &input, .env = env};
  const EnvPtr inner = TRY(call_env(call, binding, scope, &input));
  Relation made = TRY(table(*binding.expr->children[0], inner));
  --calls_;
  return made;
}

}  // namespace spoor::kql
