// as: a name for the rows at this point, for the operators behind it.

#include "kql/operators/operators.h"

namespace spoor::kql {

Bound bind_as(Binder& binder, const Operator& op, Relation input, EnvPtr& env) {
  if (const Expr* hint = op.option("hint.materialized")) {
    if (hint->text == "true" || hint->constant == Constant(true)) {
      input = TRY(binder.read_shared(TRY(binder.share(std::move(input), op.span))));
    }
  }
  input.table = op.text;
  auto binding = std::make_shared<Binding>();
  binding->kind = Binding::Kind::kTable;
  binding->relation = std::make_shared<const Relation>(input);
  env = std::make_shared<const Env>(Env{op.text, std::move(binding), std::move(env)});
  return input;
}

}  // namespace spoor::kql
