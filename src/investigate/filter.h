#pragma once
// The filter language of the grids: terms with blanks between, all of which must hold.
//
//   powershell  "two words"     words of the row's text; of a device: any part of it
//   Field:value  Field:a,b      any of the values; * outside quotes is a wildcard. Texts are equal
//                               whatever their case; long texts (Detail, command lines) hold it
//   -Field:value  -word         not
//   Field>1  >=  <  <=          numbers and times
//   RemoteIP:10.0.0.0/8         an address in a network
//   has:technique               rows with a technique (also alert, note, process)
//   trail:<process key>         what a process, its ancestors and its descendants did
//
// A filter becomes a condition of a KQL plan whose values are bound, never text of the query.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/ticks.h"
#include "kql/kql.h"

namespace spoor::investigate {

/// What is filtered; each has its own fields.
enum class FilterSubject : std::uint8_t { kDevices = 1, kTimeline = 2 };

struct FilterTerm {
  enum class Kind : std::uint8_t {
    kWord = 1,  ///< values[0] stands in the row's text
    kValue,     ///< field is one of values
    kCompare,   ///< field `op` values[0]
    kHas,       ///< values[0]: technique, alert, note, process
    kTrail,     ///< values[0]: a process key
  };
  Kind kind = Kind::kWord;
  bool negated = false;
  std::string field;  ///< as the schema spells it; empty for words
  std::string op;     ///< kCompare: > >= < <=
  std::vector<std::string> values;
  std::vector<bool> patterns;  ///< beside values: '*' stands for any text in it
  std::size_t begin = 0;       ///< bytes [begin, end) of the text, for marks in an editor
  std::size_t end = 0;
};

struct Filter {
  FilterSubject subject = FilterSubject::kTimeline;
  std::vector<FilterTerm> terms;
};

inline constexpr std::size_t kMaxFilterBytes = 4096;
inline constexpr std::size_t kMaxFilterTerms = 64;

/// Errors are kInvalidInput (kLimit past the bounds above) with line, column and offset of the bad
/// term, and as a hint the nearest field where a field is unknown.
Result<Filter> parse_filter(std::string_view text, FilterSubject subject);

/// A field that a filter may name; for completion.
struct FilterField {
  std::string_view name;
  kql::Type type = kql::Type::kString;
  std::string_view doc;
  bool is_wide = false;  ///< read from the hunting tables that have it: dearer than the others
};
/// All fields, those of the row itself first.
const std::vector<FilterField>& filter_fields(FilterSubject subject);

/// A condition for `| where`, over a row of the subject.
struct FilterPlan {
  std::string condition;  ///< "true" where there are no terms
  std::vector<kql::NamedArgument> arguments;
  bool is_wide = false;  ///< reads hunting tables beside the timeline
};

/// The condition of `filter`; arguments are named `prefix` and a number. For a timeline, hunting
/// tables are read for `device_ids` from `from` to `to` alone, and the query that the condition is
/// put into must bind nothing else to these names.
FilterPlan plan_filter(const Filter& filter, std::string_view prefix,
                       const std::vector<std::string>& device_ids, Ticks from, Ticks to);

/// KQL of the same devices for people ("Open as query"), values as escaped literals.
std::string device_query_text(const Filter& filter);

}  // namespace spoor::investigate
