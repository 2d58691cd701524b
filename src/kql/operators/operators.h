#pragma once
// Binding of the tabular operators: one function each, in files by subject.

#include "kql/bind/binder.h"

namespace spoor::kql {

/// An operator behind a '|'. `env` gets names it introduces (as).
Result<Relation> bind_operator(Binder& binder, const Operator& op, Relation input, EnvPtr& env);
/// An operator a query begins with: print, range, datatable, union, search.
Result<Relation> bind_source(Binder& binder, const Operator& op, const EnvPtr& env);

using Bound = Result<Relation>;
Bound bind_where(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_project(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_extend(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_project_away(Binder& binder, const Operator& op, Relation input);
Bound bind_project_rename(Binder& binder, const Operator& op, Relation input);
Bound bind_project_reorder(Binder& binder, const Operator& op, Relation input);
/// `further` are columns of the input to group by behind those the operator names.
Bound bind_summarize(Binder& binder, const Operator& op, Relation input, const EnvPtr& env,
                     const std::vector<Column>& further = {});
Bound bind_distinct(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_count(Binder& binder, Relation input);
Bound bind_sort(Binder& binder, const std::vector<ExprPtr>& keys,
                const std::vector<Ordering>& orderings, Relation input, const EnvPtr& env);
Bound bind_take(Binder& binder, const Operator& op, const Expr& count, Relation input,
                const EnvPtr& env);
Bound bind_sample(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_union(Binder& binder, const Operator& op, std::optional<Relation> input,
                 const EnvPtr& env);
Bound bind_join(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_join(Binder& binder, const Operator& op, Relation left, Relation right,
                const EnvPtr& env);
Bound bind_expand(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
/// An element of a dynamic (`json` is a column: it is read several times) as `type`, by cast alone:
/// a text is no number. Of timespan there is none: the element stays dynamic.
Value cast_element(const Sql& json, Type type);
Bound bind_apply(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
/// The operators of the sub-query op.tables[0] over the rows of each value of `key`. `outer` are
/// columns that every answer keeps.
Bound bind_steps(Binder& binder, const Operator& op, Relation inner, Column key,
                 const std::vector<Column>& outer, const EnvPtr& env);
/// A text (a column: it is read several times) as `type`, null where it is none.
Result<Value> text_as(const Sql& text, Type type, Span span);
Bound bind_parse(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_getschema(Binder& binder, Relation input);
/// What search and find look through: the input, then the tables that they name, wildcards
/// resolved; all tables where there is neither.
Result<std::vector<Relation>> legs_of(Binder& binder, const Operator& op,
                                      std::optional<Relation> input, const EnvPtr& env);
Bound bind_search(Binder& binder, const Operator& op, std::optional<Relation> input,
                  const EnvPtr& env);
Bound bind_as(Binder& binder, const Operator& op, Relation input, EnvPtr& env);
Bound bind_evaluate(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_bag_unpack(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_pivot(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_narrow(Binder& binder, const Operator& op, Relation input);
Bound bind_value_counts(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_ipv4_lookup(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_make_series(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_parse_kv(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_partition(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_top_nested(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_scan(Binder& binder, const Operator& op, Relation input, const EnvPtr& env);
Bound bind_find(Binder& binder, const Operator& op, const EnvPtr& env);
Bound bind_external(Binder& binder, const Operator& op, const EnvPtr& env);
/// A function of the hunting product behind invoke.
Bound invoke_product_function(Binder& binder, const Expr& call, Relation input, const EnvPtr& env);
Bound bind_print(Binder& binder, const Operator& op, const EnvPtr& env);
Bound bind_range(Binder& binder, const Operator& op, const EnvPtr& env);
Bound bind_datatable(Binder& binder, const Operator& op, const EnvPtr& env);

/// Name of the column an expression makes: its own, or the rules for unnamed ones.
struct Named {
  std::string name;
  const Expr* expr = nullptr;
  bool given = false;
};
/// Defines `exprs` over `input` (project, extend, print): the new columns, in order.
Result<std::vector<Column>> bind_columns(Binder& binder, const std::vector<ExprPtr>& exprs,
                                         Relation& input, const EnvPtr& env,
                                         std::string_view unnamed);

/// UNION ALL of tables by column name; `inner` keeps the columns all have, `source` names the
/// column of tables.
Relation unite(Binder& binder, std::vector<Relation> legs, bool inner, const std::string& source);
/// A table of constant rows; each column is one array parameter.
Relation constant_table(Binder& binder, const std::vector<ColumnDecl>& columns,
                        const std::vector<std::vector<Constant>>& rows);
/// 'ab*' patterns over names.
bool matches_pattern(std::string_view name, std::string_view pattern);

}  // namespace spoor::kql
