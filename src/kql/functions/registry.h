#pragma once
// The functions of the language: one entry each, found by name. A family of functions is one file
// that has a function `void add_<family>(Registry&)`; functions/all.cc lists the families.
//
// Not here, since they need the operator they stand in: arg_max, arg_min, take_any and any (several
// columns and `*`: operators/summarize), materialize, toscalar, prev, next, row_number, row_cumsum,
// column_ifexists, and functions of `let`.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ticks.h"
#include "kql/bind/value.h"

namespace spoor::kql {

/// Sets of types an argument may have.
using TypeSet = std::uint16_t;
constexpr TypeSet one_of(Type type) {
  return static_cast<TypeSet>(1U << static_cast<unsigned>(type));
}
inline constexpr TypeSet kBools = one_of(Type::kBool);
inline constexpr TypeSet kIntegers = one_of(Type::kInt) | one_of(Type::kLong);
inline constexpr TypeSet kReals = one_of(Type::kReal);
inline constexpr TypeSet kNumbers = kIntegers | kReals;
inline constexpr TypeSet kStrings = one_of(Type::kString);
inline constexpr TypeSet kDateTimes = one_of(Type::kDateTime);
inline constexpr TypeSet kTimespans = one_of(Type::kTimespan);
inline constexpr TypeSet kDynamics = one_of(Type::kDynamic);
inline constexpr TypeSet kGuids = one_of(Type::kGuid);
inline constexpr TypeSet kAnyType = 0x7FE;

struct ArgSpec {
  std::string_view name;
  TypeSet types = kAnyType;
  std::string_view doc;
  bool constant = false;  ///< must be known at compile time (checked before emit is called)
};

/// Name of a column whose expression is a call and has no name (kql-semantics 6.2).
enum class Naming : std::uint8_t {
  kNumbered,  ///< Column1, Column2 …; of an aggregate: `prefix` alone ("count_")
  kFirst,     ///< the name of the first argument
  kPrefixed,  ///< `prefix` + name of the first argument ("strlen_s", "sum_x"); without one:
              ///< `prefix`
};

/// A column visible where the call stands (for pack_all and the like).
struct VisibleColumn {
  std::string_view name;
  Value value;
  bool hidden = false;
};

/// One call being bound. Arguments were checked against ArgSpec and coerced: an int where only long
/// or real is allowed is widened, a dynamic where string but not dynamic is allowed became its
/// text.
struct Call {
  std::string_view name;  ///< as the query writes it
  Span span;              ///< of the whole call
  std::span<Value> args;
  std::span<const Span> spans;               ///< of the arguments
  std::span<const std::string_view> labels;  ///< `name = value` arguments; empty texts otherwise
  Ticks now = 0;                             ///< the query's one present
  std::function<std::vector<VisibleColumn>()> columns;
  bool has_by = false;  ///< aggregates: rows are grouped, so no group is empty

  [[nodiscard]] std::size_t size() const { return args.size(); }
  Value& operator[](std::size_t index) const { return args[index]; }
  /// An error at argument `index`.
  [[nodiscard]] Error error(std::size_t index, std::string message) const {
    return error_at(index < spans.size() ? spans[index] : span, ErrorCode::kInvalidInput,
                    std::move(message));
  }
  /// "not supported" at argument `index`.
  [[nodiscard]] Error unsupported(std::size_t index, std::string message) const {
    return error_at(index < spans.size() ? spans[index] : span, ErrorCode::kUnsupported,
                    std::move(message));
  }
};

/// Most arguments a function with a repeated last argument may have.
inline constexpr std::uint16_t kMany = 256;

struct FunctionSpec {
  std::string_view name;
  std::vector<std::string_view> aliases = {};
  std::uint16_t min_args = 0;
  std::uint16_t max_args = 0;
  std::vector<ArgSpec> args = {};  ///< the last one describes all further arguments
  Naming naming = Naming::kNumbered;
  std::string_view prefix = {};
  std::string_view doc = {};         ///< one line
  std::string_view example = {};     ///< a query that runs on nothing: "print strlen('abc')"
  std::string_view difference = {};  ///< from Kusto; empty: none known
  /// Arguments to the value of the call. May look at constants and fold.
  std::function<Result<Value>(const Call&)> emit = {};
  /// Not supported, deliberately: the reason, said with the position. `emit` is not needed then.
  std::string_view refused = {};
};

/// As FunctionSpec, for functions of `summarize`. The arguments are per row; the value is per
/// group. In `emit`, nulls of numbers are NULL in SQL; over no rows the answer must be Kusto's
/// (Call::has_by).
struct AggregateSpec {
  std::string_view name;
  std::vector<std::string_view> aliases = {};
  std::uint16_t min_args = 0;
  std::uint16_t max_args = 0;
  std::vector<ArgSpec> args = {};
  Naming naming = Naming::kPrefixed;
  std::string_view prefix = {};  ///< "sum_"; "count_"
  std::string_view doc = {};
  std::string_view example = {};
  std::string_view difference = {};
  std::function<Result<Value>(const Call&)> emit = {};
  /// Several columns from one call (percentiles): `name` of each value is its whole default name,
  /// made with the name of the first argument that is in Call::args[0].name.
  std::function<Result<std::vector<Value>>(const Call&)> emit_many = {};
  std::string_view refused = {};
};

class Registry {
 public:
  void add(FunctionSpec spec);
  void add(AggregateSpec spec);
  /// Null where there is none; names are exact.
  [[nodiscard]] const FunctionSpec* function(std::string_view name) const;
  [[nodiscard]] const AggregateSpec* aggregate(std::string_view name) const;
  /// All names with aliases, sorted, for hints and completion.
  [[nodiscard]] std::vector<std::string_view> function_names() const;
  [[nodiscard]] std::vector<std::string_view> aggregate_names() const;

 private:
  std::vector<std::unique_ptr<FunctionSpec>> functions_;
  std::vector<std::unique_ptr<AggregateSpec>> aggregates_;
  std::map<std::string_view, const FunctionSpec*, std::less<>> function_by_name_;
  std::map<std::string_view, const AggregateSpec*, std::less<>> aggregate_by_name_;
};

/// The registry of the language, built at first use.
const Registry& registry();

/// functions/all.cc: adds every family.
void add_all_functions(Registry& registry);

}  // namespace spoor::kql
