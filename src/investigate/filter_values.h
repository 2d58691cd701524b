#pragma once
// What a value of the filter language means for a field. Internal to the module.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/ticks.h"
#include "investigate/filter_fields.h"

namespace spoor::investigate {

/// What is wrong with a value for a field; nothing where it is good.
std::optional<std::string> check_value(const Field& field, std::string_view value, bool is_pattern);

/// "10.0.0.0/8" or "fe80::/10".
struct Network {
  bool is_v6 = false;
  std::string text;  ///< as the functions of KQL take it
};
/// Nothing where the text has no '/' or is no network.
std::optional<Network> parse_network(std::string_view text);

/// The span [first, last] of a time as it is written: a day, or one instant.
std::optional<std::pair<Ticks, Ticks>> parse_time_value(std::string_view text);
std::optional<double> parse_real(std::string_view text);
std::optional<bool> parse_bool(std::string_view text);

}  // namespace spoor::investigate
