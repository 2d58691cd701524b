#pragma once
// Syntax tree to plan: names, types, coercions. One Binder serves one compilation.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kql/functions/registry.h"
#include "kql/kql.h"
#include "kql/plan/plan.h"
#include "kql/syntax/ast.h"

namespace spoor::kql {

/// A column of a table expression.
struct Column {
  std::string name;
  Value value;  ///< `sql` is always a plan column
  bool hidden = false;
};

/// A bound table expression.
struct Relation {
  NodePtr plan;
  std::vector<Column> columns;
  bool serialized = false;       ///< rows have an order (prev, next, row_number)
  std::vector<SortKey> order;    ///< that order, where it was given by keys
  std::vector<Value> divided;    ///< inside a sub-query by key: windows do not cross its values
  std::set<std::string> pinned;  ///< stored columns fixed by an equality above
  std::string table;             ///< name for withsource
  bool open = false;             ///< more columns will be known once a first statement has run

  [[nodiscard]] const Column* find(std::string_view name) const;
};

struct Env;
using EnvPtr = std::shared_ptr<const Env>;

/// What a name of `let`, a parameter or an argument stands for.
struct Binding {
  enum class Kind : std::uint8_t { kScalar = 1, kTable, kFunction };
  Kind kind = Kind::kScalar;
  Value value;
  const Expr* expr = nullptr;                ///< of a table or a function
  std::shared_ptr<const Relation> relation;  ///< a table that is bound already (as, invoke)
  EnvPtr env;                                ///< where `expr` is bound
};

/// Names in force, innermost first.
struct Env {
  std::string name;
  std::shared_ptr<Binding> binding;
  EnvPtr parent;
};

/// Where a scalar expression stands.
struct Scope {
  const Relation* row = nullptr;    ///< columns in reach; null where there is no row
  const Relation* right = nullptr;  ///< of a join
  EnvPtr env;
  bool aggregates = false;  ///< summarize: aggregate functions are allowed
  bool in_aggregate = false;
  bool has_by = false;
  bool windows = false;      ///< prev, next, row_number … are allowed
  bool uses_window = false;  ///< set where one was bound
};

class Binder {
 public:
  explicit Binder(const CompileOptions& options) : options_(options) {}

  Result<Compiled> run(const Query& query);

  // tables
  Result<Relation> table(const Expr& expr, const EnvPtr& env);
  Result<Relation> pipe(Relation input, const std::vector<std::unique_ptr<Operator>>& operators,
                        const EnvPtr& env);
  [[nodiscard]] bool is_table(const Expr& expr, const EnvPtr& env, int depth = 0) const;
  Result<Relation> scan(std::string_view name, Span span);
  /// Tables whose names match a pattern with '*'.
  [[nodiscard]] std::vector<std::string> tables_like(std::string_view pattern) const;
  [[nodiscard]] bool has_table(std::string_view name, const EnvPtr& env) const;

  // scalars
  Result<Value> scalar(const Expr& expr, Scope& scope);
  Result<Value> predicate(const Expr& expr, Scope& scope);
  /// A constant: folded, an argument, or a literal.
  Result<Value> constant(const Expr& expr, const EnvPtr& env);
  /// Texts of a list for has_any, has_all, in~: literals and constant dynamics.
  Result<std::vector<std::string>> texts(const Expr& in, Scope& scope, std::string_view op);
  Result<Value> aggregate(const Expr& call, Scope& scope);
  /// Every column of an aggregate that makes several.
  Result<std::vector<Value>> aggregates(const Expr& call, Scope& scope);

  /// Parses a query of ours, and keeps it as long as the binder: `text` is never a user's.
  Result<const Expr*> own_query(std::string_view text);
  /// The piped table through a function of let, or of the product.
  Result<Relation> invoke(const Expr& call, Relation input, const EnvPtr& env);
  /// The same rows under columns of their own, so that a plan may hold a table twice.
  Relation reread(const Relation& relation);
  /// The table computed once, however often it is read: the number for read_shared.
  Result<std::size_t> share(Relation relation, Span span);
  Result<Relation> read_shared(std::size_t index);

  // helpers of operators
  void note(std::string text);
  /// A value that reads no column as the constant it is, from a statement of its own; any other as
  /// it stands.
  Result<Value> evaluated(const Value& value);
  /// A statement to run before this one. `unknown` stands for its value until it has run; `known`
  /// says whether it has.
  Value first_value(PreStatement statement, Constant unknown, bool& known);
  /// The same for a plan of one value.
  Result<Value> first_value(const NodePtr& plan, const Value& value, Constant unknown, bool& known);
  ColumnId fresh() { return ++last_id_; }
  Column define(Node& node, std::string name, const Value& value);
  [[nodiscard]] const CompileOptions& options() const { return options_; }
  Result<Value> converted(const Value& value, Type type, Span span);
  Result<Value> run_first(const Relation& relation, Span span);
  std::size_t add_subquery(NodePtr plan, Sql value) {
    subqueries_.emplace_back(std::move(plan), std::move(value));
    return subqueries_.size() - 1;
  }
  Result<EnvPtr> bind_lets(const std::vector<std::unique_ptr<Statement>>& lets, EnvPtr env);
  Error unknown_column(std::string_view name, Span span, const Scope& scope) const;

  // prepared pieces of scalar binding, one subject a file
  Result<Value> binary(const Expr& expr, Scope& scope);
  Result<Value> compare(std::string_view op, Value left, Value right, Span span, bool keep_null);
  Result<Value> arithmetic(std::string_view op, const Value& left, const Value& right, Span span);
  Result<Value> text_operator(std::string op, const Value& left, const Value& right,
                              Span right_span, Span span);
  Result<Value> membership(const Expr& expr, Scope& scope);
  Result<Value> between(const Expr& expr, Scope& scope);
  Result<Value> member_access(const Expr& expr, Scope& scope);
  Result<Value> call(const Expr& expr, Scope& scope);
  Result<Value> special_call(const Expr& expr, Scope& scope, bool& known);
  Result<Value> window_call(const Expr& expr, Scope& scope);
  Result<void> coerce(const ArgSpec& spec, Value& value, Span span, std::string_view function);
  Result<EnvPtr> call_env(const Expr& call, const Binding& function, Scope& scope,
                          const Relation* piped = nullptr);

 private:
  Result<Compiled> compiled(const Query& query);
  Result<Value> name(const Expr& expr, Scope& scope);
  [[nodiscard]] static const std::shared_ptr<Binding>* lookup(const EnvPtr& env,
                                                              std::string_view name);
  Result<Relation> shared(const Expr& expr, const EnvPtr& env);

  const CompileOptions& options_;
  ColumnId last_id_ = 0;
  int scalar_depth_ = 0;
  int bound_operators_ = 0;
  int calls_ = 0;
  std::vector<SharedPart> shared_;
  std::vector<Relation> shared_relations_;
  std::map<const Expr*, std::size_t> shared_by_expr_;
  std::vector<std::pair<NodePtr, Sql>> subqueries_;
  std::vector<PreStatement> first_;
  bool blocked_ = false;  ///< a constant was asked for while a first result was not known
  std::vector<std::string> notes_;
  std::vector<std::string> tables_;  ///< stored tables that were named
  std::vector<std::unique_ptr<Query>> own_;
};

/// A node over one input.
std::shared_ptr<Node> node_over(Node::Kind kind, NodePtr input);
/// The name a column gets in a result that already has `columns`: x, x1, x2 …
std::string free_name(const std::string& name, const std::vector<Column>& columns);
/// A hex column (SHA256 …) against a text: the stored bytes against the text's, so that the index
/// helps. Nothing where `left` is no such column.
std::optional<Sql> hex_equals(const Value& left, const std::string& text, bool any_case);
/// `value has_any (needles)`, which are constants.
Sql has_any_text(const Value& value, const std::vector<std::string>& needles);
/// Value as a result column of the engine: Nullable(Int64), Nullable(Float64) or String.
Sql output_form(const Value& value);

}  // namespace spoor::kql
