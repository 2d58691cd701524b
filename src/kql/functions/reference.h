#pragma once
<<<<<<< HEAD
// The registry as a page for people.

#include <string>

namespace spoor::kql {

/// Appends every function and aggregate as Markdown: what it does, its arguments, an example, what differs from Kusto.
void write_function_reference(std::string& out);

=======
// The reference of functions as people read it, made from the registry.

#include <string>
#include <string_view>

namespace spoor::kql {

/// Appends Markdown: every function and aggregate with its arguments, an example and its result,
/// and what differs from Kusto; last the names that are understood and not done.
void write_function_reference(std::string& out);

/// Result of the example of a function or aggregate, as the engine gave it; empty for refused
/// names.
std::string_view example_result(std::string_view name);

>>>>>>> kqlfn
}  // namespace spoor::kql
