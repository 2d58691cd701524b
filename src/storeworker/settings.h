#pragma once
// Which settings a request may bring, and how their values are written into a statement.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace spoor::storeworker {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// True for settings that a request may bring.
bool is_allowed_setting(std::string_view name);
/// True for settings of ClickHouse's HTTP interface and its clients that mean nothing here and are
/// accepted.
bool is_ignored_setting(std::string_view name);
/// True for URL parameters of the interface itself (query, database, user, …).
bool is_interface_parameter(std::string_view name);

/// Sets or replaces a setting. Fails where the name is not allowed or the value holds anything but
/// letters, digits and `_ - . , : /`.
Result<void> put_setting(Settings& settings, std::string_view name, std::string_view value);
/// Value of a setting, empty where it is not there.
std::string_view find_setting(const Settings& settings, std::string_view name);
/// "a = 1, b = 'x'".
std::string settings_clause(const Settings& settings);
/// An id that may stand in log_comment and in a header: up to 128 of letters, digits and `_ - . :`.
bool is_valid_id(std::string_view id);

}  // namespace spoor::storeworker
