// Text of plans, for tests and for explaining a query.

#include <array>

#include "kql/plan/plan.h"

namespace spoor::kql {
namespace {

std::string sql_text(const Sql& sql) {
  SqlPrinter printer;
  std::vector<std::string> none(64, "…");
  printer.subqueries = &none;
  if (!printer.print(sql)) {
    return "…";
  }
  std::string text = printer.text();
  for (const auto& parameter : printer.take_parameters()) {
    text += " [" + parameter.name + "=" + parameter.value.substr(0, 60) + "]";
  }
  return text;
}

void write(const Node& node, std::size_t depth, std::size_t& budget, std::string& out) {
  static constexpr std::array<std::string_view, 15> kNames = {
      "",     "scan",  "values",   "one",   "filter", "project", "window", "aggregate",
      "sort", "limit", "limit by", "union", "join",   "expand",  "empty"};
  if (budget == 0 || depth > 400) {
    return;
  }
  --budget;
  const std::string indent(depth * 2, ' ');
  const auto kind = static_cast<std::size_t>(node.kind);
  out += indent + std::string(kind < kNames.size() ? kNames[kind] : "shared");
  if (!node.text.empty()) {
    out += " " + node.text;
  }
  if (node.kind == Node::Kind::kLimit || node.kind == Node::Kind::kLimitBy ||
      node.kind == Node::Kind::kShared) {
    out += " " + std::to_string(node.number);
  }
  out += '\n';
  const auto line = [&](const std::string& text) { out += indent + "  - " + text + '\n'; };
  for (const auto& each : node.predicates) {
    line(sql_text(each));
  }
  for (const auto& each : node.keys) {
    line("by c" + std::to_string(each.id) + " = " + sql_text(each.sql));
  }
  if (node.kind != Node::Kind::kScan) {
    for (const auto& each : node.definitions) {
      line("c" + std::to_string(each.id) + " = " + sql_text(each.sql));
    }
  }
  for (const auto& key : node.sort) {
    line(sql_text(key.sql) + (key.descending ? " desc" : " asc"));
  }
  for (const auto& [left, right] : node.on) {
    line(sql_text(left) + " = " + sql_text(right));
  }
  for (const auto& leg : node.legs) {
    write(*leg.input, depth + 1, budget, out);
  }
  for (const auto& input : node.inputs) {
    write(*input, depth + 1, budget, out);
  }
}

}  // namespace

std::string dump(const NodePtr& plan) {
  std::string out;
  std::size_t budget = 2000;
  write(*plan, 0, budget, out);
  return out;
}

}  // namespace spoor::kql
