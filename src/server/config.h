#pragma once
// Where the settings come from: flags, environment, one TOML file, defaults; the first that is
// there wins. What is declared is in schema/enums/settings.yaml.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "server/gen/settings.h"

namespace spoor::server {

struct ConfigSources {
  std::string file;  ///< path of the TOML file; empty: none
  std::vector<std::pair<std::string, std::string>> environment;  ///< all of it, names and values
  /// What stands on the command line beside the command's own options: "--name", "value" or
  /// "--name=value".
  std::vector<std::string> flags;
};

struct LoadedConfig {
  Config values;
  /// Of each setting: "default", "environment SPOOR_LOG_LEVEL", "flag --log.level", "FILE:3".
  std::array<std::string, kSettingCount> origins;
};

/// Reads and checks all sources, also of settings that another source overrides. Errors, all
/// kInvalidInput with file, line and column where there are any: a key that is not declared (with
/// the nearest that is), a value of the wrong type or out of bounds; kNotFound for the file.
Result<LoadedConfig> load_config(const ConfigSources& sources);

/// This process's environment.
std::vector<std::pair<std::string, std::string>> process_environment();

/// Place of a setting in kSettings; nothing where it is not declared.
std::optional<std::size_t> find_setting(std::string_view name);

/// Sets a value that is given as text, as the environment and flags do. kInvalidInput for one of
/// the wrong type or out of bounds.
Result<void> set_from_text(Config& config, std::size_t setting, std::string_view value);

/// "SPOOR_SERVER_LISTEN" for "server.listen".
std::string environment_name(std::string_view setting);

/// Value of a setting as text: "8443", "true", "info".
std::string setting_text(const Config& config, std::size_t setting);

/// The effective settings as a TOML file, with where each comes from.
std::string print_config(const LoadedConfig& config);

/// Elements of a list setting ("a, b"), without the blanks around them.
std::vector<std::string> list_of(std::string_view text);

struct HostAndPort {
  std::string host;
  std::uint16_t port = 0;
};
/// "127.0.0.1:8443", "[::]:8443", "host:0".
Result<HostAndPort> parse_listen(std::string_view text);

}  // namespace spoor::server
