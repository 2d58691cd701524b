#include "kql/emit/sql.h"

#include <atomic>
#include <charconv>
#include <cmath>
#include <unordered_set>

#include "base/ticks.h"
#include "store/escape.h"

namespace spoor::kql {
namespace {

constexpr std::size_t kMaxStatement = 4u << 20;

std::shared_ptr<SqlNode> node(SqlNode::Kind kind, std::string_view text = {},
                              std::vector<Sql> children = {}) {
  auto made = std::make_shared<SqlNode>();
  made->kind = kind;
  made->text = text;
  made->children = std::move(children);
  return made;
}

// Variables of nested lambdas must differ; a counter of the process is enough, since the printer
// renames them by their order of appearance.
std::int64_t next_variable() {
  static std::atomic<std::int64_t> counter{0};
  return ++counter;
}

std::string real_text(double value) {
  if (std::isnan(value)) {
    return "nan";
  }
  if (std::isinf(value)) {
    return value < 0 ? "-inf" : "inf";
  }
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

}  // namespace

Sql call(std::string_view function, std::vector<Sql> arguments) {
  return node(SqlNode::Kind::kCall, function, std::move(arguments));
}
Sql parametric(std::string_view function, std::vector<Sql> parameters, std::vector<Sql> arguments) {
  const std::size_t split = parameters.size();
  for (auto& argument : arguments) {
    parameters.push_back(std::move(argument));
  }
  auto made = node(SqlNode::Kind::kParametric, function, std::move(parameters));
  made->split = split;
  return made;
}
Sql infix(std::string_view op, std::vector<Sql> operands) {
  if (operands.size() == 1) {
    return operands.front();
  }
  return node(SqlNode::Kind::kInfix, op, std::move(operands));
}
Sql prefix(std::string_view op, Sql operand) {
  return node(SqlNode::Kind::kPrefix, op, {std::move(operand)});
}
Sql column(std::int64_t number) {
  auto made = node(SqlNode::Kind::kColumn);
  made->number = number;
  return made;
}
Sql stored(std::string_view name) { return node(SqlNode::Kind::kStored, name); }
Sql keyword(std::string_view word) { return node(SqlNode::Kind::kKeyword, word); }
Sql null() { return keyword("NULL"); }
Sql boolean(bool value) { return keyword(value ? "true" : "false"); }
Sql int64(std::int64_t value) { return call("toInt64", {keyword(std::to_string(value))}); }
Sql quoted(std::string_view text) { return node(SqlNode::Kind::kQuoted, text); }
Sql array(std::vector<Sql> elements) {
  return node(SqlNode::Kind::kArray, {}, std::move(elements));
}
Sql tuple(std::vector<Sql> elements) {
  return node(SqlNode::Kind::kTuple, {}, std::move(elements));
}
Sql member(Sql value, std::int64_t index) {
  auto made = node(SqlNode::Kind::kMember, {}, {std::move(value)});
  made->number = index;
  return made;
}
Sql cast(Sql value, std::string_view type) {
  return node(SqlNode::Kind::kCast, type, {std::move(value)});
}
Sql not_(Sql predicate) { return prefix("NOT", std::move(predicate)); }
Sql and_(std::vector<Sql> predicates) {
  return predicates.empty() ? boolean(true) : infix("AND", std::move(predicates));
}
Sql or_(std::vector<Sql> predicates) {
  return predicates.empty() ? boolean(false) : infix("OR", std::move(predicates));
}
Sql if_(Sql condition, Sql yes, Sql no) {
  return call("if", {std::move(condition), std::move(yes), std::move(no)});
}
Sql if_null(Sql value, Sql otherwise) {
  return call("ifNull", {std::move(value), std::move(otherwise)});
}
Sql is_null(Sql value) { return call("isNull", {std::move(value)}); }
Sql equals(Sql left, Sql right) { return infix("=", std::move(left), std::move(right)); }
Sql element(Sql value, Sql index) {
  return call("arrayElement", {std::move(value), std::move(index)});
}
Sql lambda(std::size_t count, const std::function<Sql(std::span<const Sql>)>& body) {
  std::vector<Sql> children;
  for (std::size_t i = 0; i < count; ++i) {
    auto variable = node(SqlNode::Kind::kVariable);
    variable->number = next_variable();
    children.push_back(std::move(variable));
  }
  children.push_back(body(std::span<const Sql>(children.data(), count)));
  return node(SqlNode::Kind::kLambda, {}, std::move(children));
}
Sql lambda(const std::function<Sql(Sql)>& body) {
  return lambda(1, [&](std::span<const Sql> variables) { return body(variables[0]); });
}
Sql once(Sql value, const std::function<Sql(Sql)>& body) {
  const auto simple =
      value->kind == SqlNode::Kind::kColumn || value->kind == SqlNode::Kind::kParameter ||
      value->kind == SqlNode::Kind::kVariable || value->kind == SqlNode::Kind::kKeyword;
  if (simple) {
    return body(std::move(value));
  }
  return element(call("arrayMap", {lambda(body), array({std::move(value)})}), keyword("1"));
}
Sql over(Sql function, std::string_view window, std::vector<Sql> operands) {
  operands.insert(operands.begin(), std::move(function));
  return node(SqlNode::Kind::kOver, window, std::move(operands));
}

Sql param_raw(std::string_view type, std::string value) {
  auto made = node(SqlNode::Kind::kParameter, type);
  made->value = std::move(value);
  return made;
}
Sql param_text(std::string_view value) { return param_raw("String", store::escape_value(value)); }
Sql param_int(std::int64_t value) { return param_raw("Int64", std::to_string(value)); }
Sql param_real(double value) { return param_raw("Float64", real_text(value)); }
Sql param_bool(bool value) { return param_raw("Bool", value ? "true" : "false"); }
Sql param_datetime(std::int64_t ticks) {
  return param_raw("DateTime64(7,'UTC')", format_ticks_sql(ticks));
}
Sql param_texts(const std::vector<std::string>& values) {
  return param_raw("Array(String)", store::array_value(values));
}
Sql param_ints(const std::vector<std::int64_t>& values) {
  return param_raw("Array(Int64)", store::array_value(values));
}

Result<void> SqlPrinter::append(std::string_view fragment) {
  if (text_.size() + fragment.size() > kMaxStatement) {
    return fail(Error::make(ErrorCode::kLimit, "the query is too large for one statement")
                    .with_hint("use fewer nested expressions or materialize() a part of it"));
  }
  text_ += fragment;
  return {};
}

std::string SqlPrinter::parameter(const SqlNode& node) {
  const auto [place, fresh] =
      parameter_index_.try_emplace(node.text + '\n' + node.value, parameters_.size());
  if (fresh) {
    parameters_.push_back({"p" + std::to_string(parameters_.size() + 1), node.text, node.value});
  }
  return parameters_[place->second].name;
}

Result<void> SqlPrinter::print_list(std::span<const Sql> nodes) {
  bool first = true;
  for (const auto& each : nodes) {
    if (!first) {
      TRY_VOID(append(", "));
    }
    first = false;
    TRY_VOID(print(each));
  }
  return {};
}

Result<void> SqlPrinter::print(const Sql& tree) {
  const SqlNode& node = *tree;
  const std::span<const Sql> children(node.children);
  switch (node.kind) {
    case SqlNode::Kind::kCall:
      TRY_VOID(append(node.text + "("));
      TRY_VOID(print_list(children));
      return append(")");
    case SqlNode::Kind::kParametric:
      TRY_VOID(append(node.text + "("));
      TRY_VOID(print_list(children.first(node.split)));
      TRY_VOID(append(")("));
      TRY_VOID(print_list(children.subspan(node.split)));
      return append(")");
    case SqlNode::Kind::kInfix:
      TRY_VOID(append("("));
      for (std::size_t i = 0; i < children.size(); ++i) {
        if (i > 0) {
          TRY_VOID(append(" " + node.text + " "));
        }
        TRY_VOID(print(children[i]));
      }
      return append(")");
    case SqlNode::Kind::kPrefix:
      TRY_VOID(append("(" + node.text + " "));
      TRY_VOID(print(children[0]));
      return append(")");
    case SqlNode::Kind::kColumn:
      return append("c" + std::to_string(node.number));
    case SqlNode::Kind::kStored:
      return append("`" + node.text + "`");
    case SqlNode::Kind::kParameter:
      return append("{" + parameter(node) + ":" + node.text + "}");
    case SqlNode::Kind::kKeyword:
      return append(node.text);
    case SqlNode::Kind::kQuoted:
      return append(store::quote_value(node.text));
    case SqlNode::Kind::kVariable: {
      const auto place = variables_.try_emplace(node.number, variables_.size() + 1).first;
      return append("x" + std::to_string(place->second));
    }
    case SqlNode::Kind::kLambda:
      TRY_VOID(append("("));
      TRY_VOID(print_list(children.first(children.size() - 1)));
      TRY_VOID(append(") -> "));
      return print(children.back());
    case SqlNode::Kind::kArray:
      TRY_VOID(append("["));
      TRY_VOID(print_list(children));
      return append("]");
    case SqlNode::Kind::kTuple:
      TRY_VOID(append("tuple("));
      TRY_VOID(print_list(children));
      return append(")");
    case SqlNode::Kind::kMember:
      TRY_VOID(append("tupleElement("));
      TRY_VOID(print(children[0]));
      return append(", " + std::to_string(node.number) + ")");
    case SqlNode::Kind::kCast:
      TRY_VOID(append("CAST("));
      TRY_VOID(print(children[0]));
      return append(" AS " + node.text + ")");
    case SqlNode::Kind::kIn:
      TRY_VOID(append("("));
      TRY_VOID(print(children[0]));
      TRY_VOID(append(" " + node.text + " ("));
      TRY_VOID(append(subqueries->at(static_cast<std::size_t>(node.number))));
      return append("))");
    case SqlNode::Kind::kOver: {
      TRY_VOID(print(children[0]));
      TRY_VOID(append(" OVER ("));
      std::string_view window = node.text;
      while (!window.empty()) {
        const auto mark = window.find('$');
        TRY_VOID(append(window.substr(0, mark)));
        if (mark == std::string_view::npos) {
          break;
        }
        TRY_VOID(print(children[static_cast<std::size_t>(window[mark + 1] - '0')]));
        window.remove_prefix(mark + 2);
      }
      return append(")");
    }
  }
  return fail(ErrorCode::kInternal, "unknown kind of SQL node");
}

void visit_columns(const Sql& tree, const std::function<void(std::int64_t)>& visit) {
  std::unordered_set<const SqlNode*> seen;
  std::vector<const SqlNode*> open{tree.get()};
  while (!open.empty()) {
    const SqlNode* node = open.back();
    open.pop_back();
    if (!seen.insert(node).second) {
      continue;
    }
    if (node->kind == SqlNode::Kind::kColumn) {
      visit(node->number);
    }
    for (const auto& child : node->children) {
      open.push_back(child.get());
    }
  }
}

Sql replace_columns(const Sql& node, const std::function<Sql(std::int64_t)>& by) {
  if (node->kind == SqlNode::Kind::kColumn) {
    const Sql other = by(node->number);
    return other ? other : node;
  }
  bool changed = false;
  std::vector<Sql> children;
  for (const auto& child : node->children) {
    children.push_back(replace_columns(child, by));
    changed = changed || children.back() != child;
  }
  if (!changed) {
    return node;
  }
  auto copy = std::make_shared<SqlNode>(*node);
  copy->children = std::move(children);
  return copy;
}

}  // namespace spoor::kql
