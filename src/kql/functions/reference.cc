#include "kql/functions/reference.h"

<<<<<<< HEAD
#include <fmt/format.h>
=======
#include <algorithm>
#include <vector>
>>>>>>> kqlfn

#include "kql/functions/registry.h"

namespace spoor::kql {
namespace {

<<<<<<< HEAD
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
=======
/// "string, long": the names of a set of types; "any" for all.
std::string type_names(TypeSet types) {
  if (types == kAnyType) {
    return "any";
  }
  std::string names;
  for (unsigned bit = 1; bit <= 10; ++bit) {
    if ((types & (1U << bit)) != 0) {
      names += (names.empty() ? "" : ", ") + std::string(schema::type_name(static_cast<Type>(bit)));
    }
  }
  return names;
}

/// "substring(source, start[, length])"; a repeated last argument ends in "…".
template <class Spec>
std::string signature(const Spec& spec) {
  std::string text = std::string(spec.name) + "(";
  const std::size_t shown = std::min<std::size_t>(spec.max_args, spec.args.size());
  std::size_t open = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i >= spec.min_args) {
      text += "[";
      ++open;
    }
    text += (i > 0 ? ", " : "") + std::string(spec.args[i].name);
  }
  if (spec.max_args > spec.args.size() && !spec.args.empty()) {
    text += spec.min_args > spec.args.size() ? ", …" : "[, …]";
  }
  return text + std::string(open, ']') + ")";
}

/// A text inside a code span: a bar would end a cell of a table, and is not used in one here.
std::string code(std::string_view text) {
  const char* fence = text.find('`') == std::string_view::npos ? "`" : "``";
  return std::string(fence) + std::string(text) + fence;
}

template <class Spec>
void write_entry(std::string& out, const Spec& spec) {
  out += "### " + std::string(spec.name) + "\n\n" + code(signature(spec)) + "\n\n" +
         std::string(spec.doc) + ".\n\n";
  for (std::size_t i = 0; i < spec.args.size() && i < spec.max_args; ++i) {
    const ArgSpec& arg = spec.args[i];
    out += "- " + code(arg.name) + " (" + type_names(arg.types) +
           (arg.constant ? ", constant" : "") + "): " + std::string(arg.doc) + "\n";
  }
  if (!spec.args.empty()) {
    out += "\n";
  }
  if (!spec.aliases.empty()) {
    out += "Also written";
    for (std::size_t i = 0; i < spec.aliases.size(); ++i) {
      out += (i > 0 ? ", " : " ") + code(spec.aliases[i]);
    }
    out += ".\n\n";
  }
  out += "```kusto\n" + std::string(spec.example) + "\n```\n\n";
  if (const std::string_view result = example_result(spec.name); !result.empty()) {
    out += "gives " + code(result) + "\n\n";
  }
  if (!spec.difference.empty()) {
    out += "Unlike Kusto: " + std::string(spec.difference) + ".\n\n";
  }
}

template <class Spec, class Find>
void write_section(std::string& out, std::string_view title,
                   const std::vector<std::string_view>& names, const Find& find,
                   std::vector<const Spec*>& refused) {
  out += "## " + std::string(title) + "\n\n";
  for (const std::string_view name : names) {
    const Spec* spec = find(name);
    if (spec->name != name) {
      continue;  // an alias: told with its function
    }
    if (spec->refused.empty()) {
      write_entry(out, *spec);
    } else {
      refused.push_back(spec);
    }
  }
}
>>>>>>> kqlfn

}  // namespace

void write_function_reference(std::string& out) {
<<<<<<< HEAD
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
=======
  const Registry& all = registry();
  std::vector<const FunctionSpec*> refused_functions;
  std::vector<const AggregateSpec*> refused_aggregates;
  out +=
      "# Functions of the query language\n\nMade from the registry of functions; do not edit by "
      "hand.\n\n";
  write_section(
      out, "Scalar functions", all.function_names(),
      [&](std::string_view name) { return all.function(name); }, refused_functions);
  write_section(
      out, "Aggregates", all.aggregate_names(),
      [&](std::string_view name) { return all.aggregate(name); }, refused_aggregates);
  out +=
      "## Understood and not supported\n\nA query that uses one of these is refused with the "
      "reason.\n\n";
  const auto list = [&](const auto& specs) {
    for (const auto* spec : specs) {
      out += "- " + code(spec->name) + ": " + std::string(spec->refused) + "\n";
    }
  };
  list(refused_functions);
  list(refused_aggregates);
>>>>>>> kqlfn
}

}  // namespace spoor::kql
