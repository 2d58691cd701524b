#pragma once
// SQL as a tree. Text is made of it in one place (print in sql.cc), so that no value and no name of
// a user can reach the statement: values are bound parameters, columns are numbers.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"

namespace spoor::kql {

class SqlNode;
/// An immutable expression; sub-trees are shared freely.
using Sql = std::shared_ptr<const SqlNode>;

class SqlNode {
 public:
  enum class Kind : std::uint8_t {
    kCall = 1,    ///< text(children…)
    kParametric,  ///< text(first `split` children)(the other children)
    kInfix,       ///< (child text child text child…)
    kPrefix,      ///< (text child)
    kColumn,      ///< c<number>: a column of the plan
    kStored,      ///< `text`: a column of a stored table, from the schema, never from a user
    kParameter,   ///< {p1:type}
    kKeyword,     ///< text as it stands: NULL, true, a number of ours
    kQuoted,      ///< 'text': a constant of ours
    kVariable,    ///< a name bound by a lambda
    kLambda,      ///< (v1, v2) -> child; variables are the leading children
    kArray,       ///< [children…]
    kTuple,       ///< tuple(children…)
    kMember,      ///< tupleElement(child, number)
    kCast,        ///< CAST(child AS text)
    kIn,    ///< (child text (number-th statement of the compilation)): membership of a sub-query
    kOver,  ///< child OVER (text with $n for the n-th further child)
  };
  Kind kind = Kind::kKeyword;
  std::string text;
  std::string value;  ///< of a parameter, in TSV escaping
  std::int64_t number = 0;
  std::size_t split = 0;
  std::vector<Sql> children;
};

// ---- building
// ------------------------------------------------------------------------------------
Sql call(std::string_view function, std::vector<Sql> arguments);
/// quantiles(0.5)(x): `parameters` go into the first pair of brackets.
Sql parametric(std::string_view function, std::vector<Sql> parameters, std::vector<Sql> arguments);
/// (a op b op c): any number of operands; one operand is returned as it is.
Sql infix(std::string_view op, std::vector<Sql> operands);
inline Sql infix(std::string_view op, Sql left, Sql right) {
  return infix(op, std::vector<Sql>{std::move(left), std::move(right)});
}
Sql prefix(std::string_view op, Sql operand);
Sql column(std::int64_t number);
/// A column of a stored table by its schema name.
Sql stored(std::string_view name);
/// A word of SQL of our own: "NULL", "true". Never a user's text.
Sql keyword(std::string_view word);
Sql null();
Sql boolean(bool value);
/// toInt64(n): a number of our own with its type; user's values are parameters.
Sql int64(std::int64_t value);
/// A constant text of our own, quoted in the statement. Never a user's text.
Sql quoted(std::string_view text);
Sql array(std::vector<Sql> elements);
Sql tuple(std::vector<Sql> elements);
/// tupleElement(value, index), index from 1.
Sql member(Sql value, std::int64_t index);
Sql cast(Sql value, std::string_view type);
Sql not_(Sql predicate);
Sql and_(std::vector<Sql> predicates);  ///< flat; true where there are none
Sql or_(std::vector<Sql> predicates);   ///< flat; false where there are none
Sql if_(Sql condition, Sql yes, Sql no);
Sql if_null(Sql value, Sql otherwise);
Sql is_null(Sql value);
Sql equals(Sql left, Sql right);
/// arrayElement(value, index), index from 1, negative from the end.
Sql element(Sql value, Sql index);
/// `count` fresh variables are made and given to `body`: (x1, x2) -> body.
Sql lambda(std::size_t count, const std::function<Sql(std::span<const Sql>)>& body);
/// x -> body(x)
Sql lambda(const std::function<Sql(Sql)>& body);
/// body(value) with `value` computed once however often the body names it:
/// arrayElement(arrayMap(x -> body, [value]), 1). Use it where a value of any size is needed twice.
Sql once(Sql value, const std::function<Sql(Sql)>& body);
/// `function OVER (window)`; `$1`, `$2` … in `window` stand for the operands.
Sql over(Sql function, std::string_view window, std::vector<Sql> operands);

// ---- bound parameters (values of users)
// ------------------------------------------------------------
Sql param_text(std::string_view value);                   ///< String
Sql param_int(std::int64_t value);                        ///< Int64
Sql param_real(double value);                             ///< Float64
Sql param_bool(bool value);                               ///< Bool
Sql param_datetime(std::int64_t ticks);                   ///< DateTime64(7,'UTC')
Sql param_texts(const std::vector<std::string>& values);  ///< Array(String)
Sql param_ints(const std::vector<std::int64_t>& values);  ///< Array(Int64)
/// A parameter of any type; `value` is already in the engine's escaping.
Sql param_raw(std::string_view type, std::string value);

// ---- printing
// ----------------------------------------------------------------------------------------
struct BoundParameter {
  std::string name;  ///< p1, p2, …
  std::string type;
  std::string value;  ///< in TSV escaping
};

/// Collects the text of one statement and its parameters (equal ones are shared).
class SqlPrinter {
 public:
  /// Appends `node`; kLimit where the statement passes 4 MiB.
  Result<void> print(const Sql& node);
  Result<void> append(std::string_view fragment);
  std::string& text() { return text_; }
  std::vector<BoundParameter> take_parameters() { return std::move(parameters_); }
  /// Text of sub-queries that kIn nodes name, in their order (already printed, closed).
  std::vector<std::string>* subqueries = nullptr;

 private:
  Result<void> print_list(std::span<const Sql> nodes);
  std::string parameter(const SqlNode& node);
  std::string text_;
  std::vector<BoundParameter> parameters_;
  std::unordered_map<std::string, std::size_t> parameter_index_;
  std::unordered_map<std::int64_t, std::size_t>
      variables_;  ///< lambda variables, by first appearance
};

/// Calls `visit` with the number of each plan column that `node` reads (shared sub-trees once).
void visit_columns(const Sql& node, const std::function<void(std::int64_t)>& visit);

/// The tree with columns replaced by what `by` gives for their numbers; null keeps a column.
Sql replace_columns(const Sql& node, const std::function<Sql(std::int64_t)>& by);

}  // namespace spoor::kql
