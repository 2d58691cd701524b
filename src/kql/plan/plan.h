#pragma once
// The bound query as logical operators. Every column has one number in the whole plan, so that
// operators can be merged into one SELECT and columns nobody reads are never computed.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kql/bind/value.h"

namespace spoor::kql {

using ColumnId = std::int64_t;
struct Node;
using NodePtr = std::shared_ptr<const Node>;

struct Definition {
  ColumnId id = 0;
  Sql sql;
};

struct SortKey {
  Sql sql;
  bool descending = false;
  bool nulls_first = false;
  bool say_nulls = true;  ///< false where no value can be null: keeps the engine's in-order read
};

struct Leg {  ///< of a union
  NodePtr input;
  std::vector<Definition> columns;
};

struct Node {
  enum class Kind : std::uint8_t {
    kScan = 1,   ///< a stored table; definitions name its columns
    kValues,     ///< arrays (definitions, Array(T) each) turned into rows together
    kOne,        ///< one row without columns
    kFilter,     ///< predicates
    kProject,    ///< adds definitions; every column of the input stays reachable
    kWindow,     ///< the same, with window functions: not merged with others
    kAggregate,  ///< keys and definitions
    kSort,
    kLimit,    ///< number
    kLimitBy,  ///< number rows per key, in the order of sort
    kUnion,
    kJoin,    ///< text: INNER, LEFT, FULL, LEFT SEMI, LEFT ANTI …; definitions pair the keys
    kExpand,  ///< ARRAY JOIN of definitions
    kEmpty,   ///< no rows of the input
    kShared,  ///< a statement computed once (materialize): reads CTE `number`
  };
  Kind kind = Kind::kOne;
  std::string text;
  std::int64_t number = 0;
  std::vector<NodePtr> inputs;
  std::vector<Definition> definitions;
  std::vector<Definition> keys;         ///< kAggregate, kLimitBy
  std::vector<std::pair<Sql, Sql>> on;  ///< kJoin
  std::vector<Sql> predicates;
  std::vector<SortKey> sort;
  std::vector<Leg> legs;
  /// kAggregate: groups by each key alone, one after the other, instead of by all together.
  bool each_key = false;
  /// kProject: only its definitions can be read above, not the columns of its input.
  bool opaque = false;
};

/// Indented text of a plan, for tests.
std::string dump(const NodePtr& plan);

/// A statement of `materialize` with the columns its readers may ask for.
struct SharedPart {
  NodePtr plan;
  std::vector<ColumnId> columns;
};

struct Printed {
  std::string sql;
  std::vector<BoundParameter> parameters;
};

/// One SELECT for the plan: `outputs` in their order, as r1, r2, …
Result<Printed> print_plan(const NodePtr& plan, const std::vector<Sql>& outputs,
                           const std::vector<SharedPart>& shared,
                           const std::vector<std::pair<NodePtr, Sql>>& subqueries);

}  // namespace spoor::kql
