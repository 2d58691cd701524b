// Operators by name, and the compilation as a whole.

#include <cmath>

#include "base/text.h"
#include "kql/emit/forms.h"
#include "kql/operators/operators.h"

namespace spoor::kql {

bool matches_pattern(std::string_view name, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  std::size_t i = 0;
  while (i < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      resume = i;
    } else if (at < pattern.size() && pattern[at] == name[i]) {
      ++at;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      i = ++resume;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') {
    ++at;
  }
  return at == pattern.size();
}

Result<Relation> bind_operator(Binder& binder, const Operator& op, Relation input, EnvPtr& env) {
  const std::string& name = op.name;
  if (name == "where" || name == "filter") {
    return bind_where(binder, op, std::move(input), env);
  }
  if (name == "project") {
    return bind_project(binder, op, std::move(input), env);
  }
  if (name == "extend") {
    return bind_extend(binder, op, std::move(input), env);
  }
  if (name == "serialize") {
    input.serialized = true;
    return op.exprs.empty() ? Result<Relation>(std::move(input))
                            : bind_extend(binder, op, std::move(input), env);
  }
  if (name == "project-away" || name == "project-keep") {
    return bind_project_away(binder, op, std::move(input));
  }
  if (name == "project-rename") {
    return bind_project_rename(binder, op, std::move(input));
  }
  if (name == "project-reorder") {
    return bind_project_reorder(binder, op, std::move(input));
  }
  if (name == "summarize") {
    return bind_summarize(binder, op, std::move(input), env);
  }
  if (name == "distinct") {
    return bind_distinct(binder, op, std::move(input), env);
  }
  if (name == "count") {
    return bind_count(binder, std::move(input));
  }
  if (name == "sort" || name == "order") {
    return bind_sort(binder, op.exprs, op.orderings, std::move(input), env);
  }
  if (name == "top") {
    Relation sorted = TRY(bind_sort(binder, op.by, op.by_orderings, std::move(input), env));
    return bind_take(binder, op, *op.exprs[0], std::move(sorted), env);
  }
  if (name == "take" || name == "limit") {
    return bind_take(binder, op, *op.exprs[0], std::move(input), env);
  }
  if (name == "sample" || name == "sample-distinct") {
    return bind_sample(binder, op, std::move(input), env);
  }
  if (name == "union") {
    return bind_union(binder, op, std::move(input), env);
  }
  if (name == "join" || name == "lookup") {
    return bind_join(binder, op, std::move(input), env);
  }
  if (name == "mv-expand" || name == "mvexpand") {
    return bind_expand(binder, op, std::move(input), env);
  }
  if (name == "mv-apply") {
    return bind_apply(binder, op, std::move(input), env);
  }
  if (name == "parse" || name == "parse-where") {
    return bind_parse(binder, op, std::move(input), env);
  }
  if (name == "getschema") {
    return bind_getschema(binder, std::move(input));
  }
  if (name == "search") {
    return bind_search(binder, op, std::move(input), env);
  }
  if (name == "as") {
    return bind_as(binder, op, std::move(input), env);
  }
  if (name == "invoke") {
    return binder.invoke(*op.exprs[0], std::move(input), env);
  }
  if (name == "evaluate") {
    return bind_evaluate(binder, op, std::move(input), env);
  }
  if (name == "make-series") {
    return bind_make_series(binder, op, std::move(input), env);
  }
  if (name == "parse-kv") {
    return bind_parse_kv(binder, op, std::move(input), env);
  }
  if (name == "partition") {
    return bind_partition(binder, op, std::move(input), env);
  }
  if (name == "scan") {
    return bind_scan(binder, op, std::move(input), env);
  }
  if (name == "top-nested") {
    return bind_top_nested(binder, op, std::move(input), env);
  }
  if (name == "render") {
    return input;
  }
  return fail(
      error_at(op.span, ErrorCode::kUnsupported, "the operator " + name + " is not supported"));
}

Result<Relation> bind_source(Binder& binder, const Operator& op, const EnvPtr& env) {
  if (op.name == "print") {
    return bind_print(binder, op, env);
  }
  if (op.name == "range") {
    return bind_range(binder, op, env);
  }
  if (op.name == "datatable") {
    return bind_datatable(binder, op, env);
  }
  if (op.name == "union") {
    return bind_union(binder, op, std::nullopt, env);
  }
  if (op.name == "search") {
    return bind_search(binder, op, std::nullopt, env);
  }
  if (op.name == "find") {
    return bind_find(binder, op, env);
  }
  if (op.name == "externaldata") {
    return bind_external(binder, op, env);
  }
  return fail(
      error_at(op.span, ErrorCode::kUnsupported, "the operator " + op.name + " is not supported"));
}

Sql output_form(const Value& value) {
  switch (value.type) {
    case Type::kBool:
    case Type::kInt:
    case Type::kLong:
    case Type::kTimespan:
      return cast(value.sql, "Nullable(Int64)");
    case Type::kReal:
    case Type::kDecimal:
      return cast(value.sql, "Nullable(Float64)");
    case Type::kDateTime:
      return cast(ticks_of(value.sql), "Nullable(Int64)");
    case Type::kString:
      return cast(value.sql, "String");
    case Type::kGuid:
      return cast(value.nullable ? if_null(value.sql, quoted("")) : value.sql, "String");
    case Type::kDynamic:
      return cast(dynamic_of(value), "String");
  }
  return value.sql;
}

namespace {

std::vector<std::pair<std::string, std::string>> settings_of(const CompileLimits& limits) {
  return {
      {"join_use_nulls", "1"},
      {"prefer_column_name_to_alias", "1"},
      {"enable_positional_arguments", "0"},
      {"any_join_distinct_right_table_keys", "0"},
      {"transform_null_in", "0"},
      {"group_by_use_nulls", "0"},
      {"aggregate_functions_null_for_empty", "0"},
      {"data_type_default_nullable", "0"},
      {"use_variant_as_common_type", "0"},
      {"short_circuit_function_evaluation", "enable"},
      {"enable_materialized_cte", "1"},
      {"output_format_json_escape_forward_slashes", "0"},
      {"allow_simdjson", "1"},
      {"enable_extended_results_for_datetime_functions", "1"},
      {"session_timezone", "UTC"},
      {"max_parser_depth", "5000"},
      {"max_ast_depth", "5000"},
      {"max_subquery_depth", "500"},
      {"max_query_size", "4194304"},
      {"max_ast_elements", "200000"},
      {"query_plan_max_optimizations_to_apply", "100000"},
      {"result_overflow_mode", "throw"},
      {"max_execution_time",
       std::to_string(static_cast<std::int64_t>(std::ceil(limits.max_seconds)))},
      {"max_memory_usage", std::to_string(limits.max_memory)},
  };
}

}  // namespace

Result<Compiled> Binder::run(const Query& query) {
  auto made = compiled(query);
  if (!made && blocked_) {
    // A constant is missing that a result not known yet would give. What is wrong otherwise is said
    // once the results are there.
    made = Compiled{};
    made->first = std::move(first_);
  }
  if (made) {
    made->max_rows = options_.limits.max_rows;
    made->settings = settings_of(options_.limits);
  }
  return made;
}

Result<Compiled> Binder::compiled(const Query& query) {
  EnvPtr env;
  for (const auto& argument : options_.arguments) {
    auto binding = std::make_shared<Binding>();
    binding->value = constant_value(argument.type, argument.value);
    env = std::make_shared<const Env>(Env{argument.name, std::move(binding), std::move(env)});
  }
  env = TRY(bind_lets(query.lets, std::move(env)));
  Relation relation;
  const bool value = query.body->kind != Expr::Kind::kName && !is_table(*query.body, env);
  if (value) {
    // A query that is a value alone answers with one row.
    relation.plan = std::make_shared<Node>();
    auto node = node_over(Node::Kind::kProject, relation.plan);
    Scope scope{.env = env};
    const Value only = TRY(scalar(*query.body, scope));
    relation.columns.push_back(define(*node, "print_0", only));
    relation.plan = std::move(node);
  } else {
    relation = TRY(table(*query.body, env));
  }
  Compiled made;
  auto limit = node_over(Node::Kind::kLimit, relation.plan);
  limit->number = options_.limits.max_rows + 1;
  std::vector<Sql> outputs;
  for (const auto& column : relation.columns) {
    if (!column.hidden) {
      outputs.push_back(output_form(column.value));
      made.columns.push_back({column.name, column.value.type});
    }
  }
  Printed printed = TRY(print_plan(limit, outputs, shared_, subqueries_));
  made.sql = std::move(printed.sql);
  made.parameters = std::move(printed.parameters);
  if (options_.explain) {
    made.plan = dump(NodePtr(limit));
  }
  made.notes = std::move(notes_);
  made.tables = std::move(tables_);
  if (options_.first_results.size() < first_.size()) {
    made.first = std::move(first_);
  }
  return made;
}

}  // namespace spoor::kql
