#pragma once
// Conversions that other functions need as a step of their own.

#include "kql/functions/registry.h"

namespace spoor::kql {

/// `value` as to<type>() converts it. `outer` is the call that errors point to.
Result<Value> convert_to(const Call& outer, const Value& value, Type type);

}  // namespace spoor::kql
