#include "kql/functions/families.h"

namespace spoor::kql {

void add_all_functions(Registry& registry) {
  add_conditional(registry);
  add_null_tests(registry);
  add_conversions(registry);
  add_text(registry);
  add_patterns(registry);
  add_math(registry);
  add_times(registry);
  add_dynamics(registry);
  add_arrays(registry);
  add_networks(registry);
  add_encodings(registry);
  add_aggregates(registry);
  add_collections(registry);
  add_aggregates_more(registry);
  add_array_shapes(registry);
  add_geo(registry);
  add_ipv4(registry);
  add_ipv6(registry);
  add_math_special(registry);
  add_refusals(registry);
  add_series(registry);
  add_text_codes(registry);
  add_times_more(registry);
  add_unit_conversions(registry);
}

}  // namespace spoor::kql
