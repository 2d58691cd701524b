// evaluate pivot: a column for each value of a column. The values are asked first; then it is a
// summarize with one conditional aggregate a value.

#include <algorithm>
#include <map>
#include <set>

#include "kql/emit/forms.h"
#include "kql/operators/operators.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {
namespace {

constexpr std::size_t kMostValues = 200;

ExprPtr name_expr(std::string text, Span span) {
  auto made = std::make_unique<Expr>();
  made->kind = Expr::Kind::kName;
  made->span = span;
  made->text = std::move(text);
  return made;
}

/// The conditional form of an aggregate; empty where there is none.
std::string_view conditional(std::string_view name) {
  static const std::map<std::string_view, std::string_view> kForms = {{"count", "countif"},
                                                                      {"sum", "sumif"},
                                                                      {"min", "minif"},
                                                                      {"max", "maxif"},
                                                                      {"avg", "avgif"},
                                                                      {"dcount", "dcountif"},
                                                                      {"stdev", "stdevif"},
                                                                      {"variance", "varianceif"},
                                                                      {"take_any", "take_anyif"},
                                                                      {"any", "anyif"},
                                                                      {"make_list", "make_list_if"},
                                                                      {"make_set", "make_set_if"},
                                                                      {"make_bag", "make_bag_if"}};
  const auto found = kForms.find(name);
  return found == kForms.end() ? std::string_view() : found->second;
}

void names_in(const Expr& expr, std::set<std::string>& into) {
  if (expr.kind == Expr::Kind::kName) {
    into.insert(expr.text);
  }
  for (const auto& child : expr.children) {
    names_in(*child, into);
  }
}

/// A copy of names, literals and calls of them: what an aggregate takes here.
Result<ExprPtr> copy_of(const Expr& expr) {
  if (expr.kind != Expr::Kind::kName && expr.kind != Expr::Kind::kLiteral &&
      expr.kind != Expr::Kind::kCall && expr.kind != Expr::Kind::kBinary &&
      expr.kind != Expr::Kind::kMember && expr.kind != Expr::Kind::kIndex) {
    return fail(error_at(expr.span, ErrorCode::kUnsupported,
                         "pivot takes an aggregate of plain expressions only"));
  }
  auto made = std::make_unique<Expr>();
  made->kind = expr.kind;
  made->span = expr.span;
  made->text = expr.text;
  made->type = expr.type;
  made->constant = expr.constant;
  for (const auto& child : expr.children) {
    made->children.push_back(TRY(copy_of(*child)));
  }
  return made;
}

Result<ExprPtr> aggregate_where(const Expr* aggregate, const std::string& value, Span span) {
  auto made = std::make_unique<Expr>();
  made->kind = Expr::Kind::kCall;
  made->span = aggregate == nullptr ? span : aggregate->span;
  made->text = aggregate == nullptr ? "countif" : std::string(conditional(aggregate->text));
  if (aggregate != nullptr) {
    for (const auto& child : aggregate->children) {
      made->children.push_back(TRY(copy_of(*child)));
    }
  }
  auto equal = std::make_unique<Expr>();
  equal->kind = Expr::Kind::kBinary;
  equal->span = made->span;
  equal->text = "==";
  equal->children.push_back(name_expr("$pivot", span));
  auto literal = std::make_unique<Expr>();
  literal->kind = Expr::Kind::kLiteral;
  literal->span = span;
  literal->constant = value;
  equal->children.push_back(std::move(literal));
  made->children.push_back(std::move(equal));
  auto named = std::make_unique<Expr>();
  named->kind = Expr::Kind::kNamed;
  named->span = made->span;
  named->names = {value};
  named->children.push_back(std::move(made));
  return ExprPtr(std::move(named));
}

}  // namespace

Bound bind_pivot(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  const Expr& call = *op.exprs[0];
  if (call.children.empty() || call.children[0]->kind != Expr::Kind::kName) {
    return fail(error_at(call.span, ErrorCode::kInvalidInput, "pivot() needs a column"));
  }
  const Expr& by = *call.children[0];
  Scope scope{.row = &input, .env = env};
  const Value value = TRY(binder.scalar(by, scope));
  const Expr* aggregate = call.children.size() > 1 ? call.children[1].get() : nullptr;
  if (aggregate != nullptr &&
      (aggregate->kind != Expr::Kind::kCall || conditional(aggregate->text).empty())) {
    return fail(error_at(aggregate->span, ErrorCode::kInvalidInput,
                         "pivot() needs an aggregate here, as count() or sum(x)"));
  }
  // Rows are grouped by the columns that are named, or by all that are left.
  std::vector<std::string> rows;
  for (std::size_t i = 2; i < call.children.size(); ++i) {
    if (call.children[i]->kind != Expr::Kind::kName) {
      return fail(
          error_at(call.children[i]->span, ErrorCode::kInvalidInput, "pivot() needs a column"));
    }
    rows.push_back(call.children[i]->text);
  }
  if (call.children.size() < 3) {
    std::set<std::string> used{by.text};
    if (aggregate != nullptr) {
      names_in(*aggregate, used);
    }
    for (const auto& column : input.columns) {
      if (!column.hidden && !used.contains(column.name)) {
        rows.push_back(column.name);
      }
    }
  }
  auto node = node_over(Node::Kind::kProject, input.plan);
  Column key = binder.define(*node, "$pivot", string_value(text_of(value)));
  key.hidden = true;
  const Value key_value = key.value;
  input.columns.push_back(std::move(key));
  input.plan = std::move(node);
  std::vector<std::string> values;
  bool known = true;
  if (op.has_by) {
    for (const auto& column : op.columns) {
      if (std::find(rows.begin(), rows.end(), column.name) == rows.end()) {
        values.push_back(column.name);
      }
    }
  } else {
    auto group = node_over(Node::Kind::kAggregate, input.plan);
    const ColumnId id = binder.fresh();
    group->definitions.push_back(
        {id, json_of_array(parametric("groupUniqArray", {keyword("201")},
                                      {kql::call("toJSONString", {key_value.sql})}))});
    const Value found =
        TRY(binder.first_value(group, dynamic_value(column(id)), std::string("[]"), known));
    if (found.text() != nullptr) {
      values = TRY(json_list_texts(*found.text(), call.span));
    }
    std::sort(values.begin(), values.end());
  }
  if (values.size() > kMostValues) {
    return fail(error_at(
        by.span, ErrorCode::kLimit,
        "the column " + by.text + " has more than " + std::to_string(kMostValues) + " values"));
  }
  Operator summarize;
  summarize.name = "summarize";
  summarize.span = op.span;
  summarize.has_by = true;
  for (const auto& each : values) {
    if (!each.empty()) {
      summarize.exprs.push_back(TRY(aggregate_where(aggregate, each, call.span)));
    }
  }
  for (const auto& each : rows) {
    summarize.by.push_back(name_expr(each, call.span));
  }
  Relation made = TRY(bind_summarize(binder, summarize, std::move(input), env));
  made.open = !known;
  return made;
}

}  // namespace spoor::kql
