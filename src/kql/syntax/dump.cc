// Text of syntax trees, for tests.

#include <array>

#include "kql/syntax/ast.h"

namespace spoor::kql {
namespace {

std::string constant_text(const Constant& constant) {
  if (const auto* flag = std::get_if<bool>(&constant)) {
    return *flag ? "true" : "false";
  }
  if (const auto* number = std::get_if<std::int64_t>(&constant)) {
    return std::to_string(*number);
  }
  if (const auto* real = std::get_if<double>(&constant)) {
    return std::to_string(*real);
  }
  if (const auto* text = std::get_if<std::string>(&constant)) {
    return "'" + *text + "'";
  }
  return "null";
}

void write(const Expr& expr, std::size_t depth, std::string& out);

void write(const Operator& op, std::size_t depth, std::string& out) {
  out += std::string(depth * 2, ' ') + "| " + op.name;
  if (!op.text.empty()) {
    out += " " + op.text;
  }
  for (const auto& column : op.columns) {
    out += " " + column.name + ":" + std::string(schema::type_name(column.type));
  }
  for (const auto& order : op.orderings) {
    out += order.descending ? " desc" : " asc";
  }
  out += '\n';
  for (const auto& [key, value] : op.options) {
    out += std::string(depth * 2 + 2, ' ') + key + " =\n";
    write(*value, depth + 2, out);
  }
  for (const auto* list : {&op.exprs, &op.tables, &op.values}) {
    for (const auto& each : *list) {
      if (each) {
        write(*each, depth + 1, out);
      }
    }
  }
  if (!op.by.empty()) {
    out += std::string(depth * 2 + 2, ' ') + "by\n";
    for (const auto& each : op.by) {
      write(*each, depth + 2, out);
    }
  }
}

void write(const Expr& expr, std::size_t depth, std::string& out) {
  static constexpr std::array<std::string_view, 15> kNames = {
      "",       "literal", "name", "star",    "call",  "member", "index", "unary",
      "binary", "logical", "in",   "between", "named", "pipe",   "source"};
  const auto kind = static_cast<std::size_t>(expr.kind);
  out +=
      std::string(depth * 2, ' ') + std::string(kind < kNames.size() ? kNames[kind] : "function");
  if (!expr.text.empty()) {
    out += " " + expr.text;
  }
  for (const auto& name : expr.names) {
    out += " " + name;
  }
  if (expr.kind == Expr::Kind::kLiteral) {
    out += " " + std::string(schema::type_name(expr.type)) + " " + constant_text(expr.constant);
  }
  out += " @" + std::to_string(expr.span.begin) + "-" + std::to_string(expr.span.end) + "\n";
  for (const auto& parameter : expr.parameters) {
    out += std::string(depth * 2 + 2, ' ') + "parameter " + parameter.name + "\n";
  }
  for (const auto& let : expr.statements) {
    out += std::string(depth * 2 + 2, ' ') + "let " + let->name + "\n";
    write(*let->value, depth + 2, out);
  }
  for (const auto& child : expr.children) {
    write(*child, depth + 1, out);
  }
  for (const auto& op : expr.operators) {
    write(*op, depth + 1, out);
  }
}

}  // namespace

std::string dump(const Query& query) {
  std::string out;
  for (const auto& let : query.lets) {
    out += "let " + let->name + "\n";
    write(*let->value, 1, out);
  }
  write(*query.body, 0, out);
  return out;
}

}  // namespace spoor::kql
