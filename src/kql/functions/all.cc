#include "kql/functions/families.h"

namespace spoor::kql {

void add_all_functions(Registry& registry) {
  add_conditional(registry);
}

}  // namespace spoor::kql
