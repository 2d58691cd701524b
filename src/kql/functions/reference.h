#pragma once
// The registry as a page for people.

#include <string>

namespace spoor::kql {

/// Appends every function and aggregate as Markdown: what it does, its arguments, an example, what differs from Kusto.
void write_function_reference(std::string& out);

}  // namespace spoor::kql
