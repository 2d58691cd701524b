#pragma once
// The fields of the filter language, one declared table for each subject. Internal to the module.

#include <span>
#include <string_view>
#include <vector>

#include "investigate/filter.h"
#include "schema/schema.h"

namespace spoor::investigate {

struct Field {
  FilterField shown;
  bool is_long_text = false;  ///< a value is looked for in it, not compared with it
  bool is_address = false;
  /// Wide fields: the tables that have the column (they may differ in its type).
  struct Owner {
    const schema::Table* table = nullptr;
    const schema::Column* column = nullptr;
  };
  std::vector<Owner> owners;
};

/// The field of that name, whatever the case; null where there is none.
const Field* find_field(FilterSubject subject, std::string_view name);
const std::vector<Field>& fields_of(FilterSubject subject);

/// Tables whose rows are events of a timeline in full.
std::span<const schema::Table* const> hunting_tables();
/// Columns of a hunting table that a word is looked for in.
bool is_searched(const schema::Column& column);

/// What `has:` knows.
inline constexpr std::string_view kHasTechnique = "technique";
inline constexpr std::string_view kHasAlert = "alert";
inline constexpr std::string_view kHasFlag = "flag";
inline constexpr std::string_view kHasNote = "note";
inline constexpr std::string_view kHasProcess = "process";
std::span<const std::string_view> known_features(FilterSubject subject);

}  // namespace spoor::investigate
