#include "kql/functions/reference.h"

#include <fmt/format.h>

#include "kql/functions/registry.h"

namespace spoor::kql {
namespace {

std::string cell(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    out += letter == '|' ? "\\|" : std::string(1, letter);
  }
  return out;
}

/// The part that functions and aggregates share: a line of a table.
template <class Spec>
void append_line(std::string& out, std::string_view name, const Spec& spec) {
  std::string arguments;
  for (std::size_t at = 0; at < spec.args.size(); ++at) {
    const bool optional = at >= spec.min_args;
    arguments += fmt::format("{}{}{}{}", at == 0 ? "" : ", ", optional ? "[" : "", spec.args[at].name, optional ? "]" : "");
  }
  if (spec.max_args > spec.args.size()) {
    arguments += ", …";
  }
  const std::string meaning = spec.refused.empty() ? cell(spec.doc) : fmt::format("not supported: {}", cell(spec.refused));
  const std::string alias = name == spec.name ? "" : fmt::format(" (another name of `{}`)", spec.name);
  out += fmt::format("| `{}({})` | {}{} | {} | {} |\n", name, cell(arguments), meaning, alias,
                     spec.example.empty() ? "" : fmt::format("`{}`", cell(spec.example)), cell(spec.difference));
}

constexpr std::string_view kHead = "| function | meaning | example | differs from Kusto |\n|--|--|--|--|\n";

}  // namespace

void write_function_reference(std::string& out) {
  out += "# KQL functions\n\nGenerated from the registry by `spoor admin functions`. `arg_max`, `arg_min`, `take_any`, `materialize`, "
         "`toscalar`, `prev`, `next`, `row_number`, `row_cumsum` and `column_ifexists` belong to their operators.\n\n## Scalar functions\n\n";
  out += kHead;
  for (const std::string_view name : registry().function_names()) {
    append_line(out, name, *registry().function(name));
  }
  out += "\n## Aggregates\n\n";
  out += kHead;
  for (const std::string_view name : registry().aggregate_names()) {
    append_line(out, name, *registry().aggregate(name));
  }
}

}  // namespace spoor::kql
