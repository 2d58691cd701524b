#include "server/config.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "http/forwarded.h"
#include "json/writer.h"
#include "server/config_file.h"

namespace spoor::server {
namespace {

Error invalid(std::string message) {
  return Error::make(ErrorCode::kInvalidInput, std::move(message));
}

std::string nearest_hint(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Setting& setting : kSettings) {
    names.push_back(setting.name);
  }
  const std::string_view near = nearest_name(name, names);
  return near.empty() ? "spoor serve --print-config lists all"
                      : fmt::format("did you mean {}?", near);
}

Error unknown_setting(std::string_view shown, std::string_view name) {
  return invalid(fmt::format("there is no setting {}", shown)).with_hint(nearest_hint(name));
}

Result<void> set_integer(Config& config, std::size_t at, std::int64_t value) {
  const Setting& setting = kSettings[at];
  if (value < setting.least || value > setting.most) {
    return fail(invalid(fmt::format("{} is {}, and must be from {} to {}{}{}", setting.name, value,
                                    setting.least, setting.most, setting.unit.empty() ? "" : " ",
                                    setting.unit)));
  }
  *integer_of(config, at) = value;
  return {};
}

Result<void> set_text(Config& config, std::size_t at, std::string_view value) {
  const Setting& setting = kSettings[at];
  if (setting.type == SettingType::kChoice) {
    const auto choices = split(setting.choices, ' ');
    if (std::ranges::find(choices, value) == choices.end()) {
      return fail(invalid(
          fmt::format("{} is '{}', and must be one of {}", setting.name, value, setting.choices)));
    }
  }
  const bool is_clean = is_valid_utf8(value) && std::ranges::none_of(value, [](char letter) {
                          return static_cast<unsigned char>(letter) < ' ' || letter == 0x7f;
                        });
  if (!is_clean) {
    return fail(invalid(fmt::format("{} holds control characters", setting.name)));
  }
  if (setting.name == "server.listen") {
    TRY(parse_listen(value));
  }
  if (setting.name == "server.trusted_proxies") {
    TRY(http::AddressSet::parse(list_of(value)));
  }
  *text_of(config, at) = value;
  return {};
}

Result<void> set_from_file(Config& config, std::size_t at, const FileValue& value) {
  const Setting& setting = kSettings[at];
  if (setting.type == SettingType::kInteger) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      return set_integer(config, at, *number);
    }
    return fail(invalid(fmt::format("{} must be a whole number", setting.name)));
  }
  if (setting.type == SettingType::kBoolean) {
    if (const auto* truth = std::get_if<bool>(&value)) {
      *boolean_of(config, at) = *truth;
      return {};
    }
    return fail(invalid(fmt::format("{} must be true or false", setting.name)));
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return set_text(config, at, *text);
  }
  return fail(invalid(fmt::format("{} must be a text in quotes", setting.name)));
}

Result<void> take_file(LoadedConfig& loaded, const std::string& path) {
  for (const FileEntry& entry : TRY(read_config_file(path))) {
    // A group of which nothing is said.
    if (entry.is_empty_table && std::ranges::any_of(kSettings, [&](const Setting& setting) {
          return setting.name.starts_with(entry.name + ".");
        })) {
      continue;
    }
    const auto at = find_setting(entry.name);
    Result<void> taken = at ? set_from_file(loaded.values, *at, entry.value)
                            : fail(unknown_setting(entry.name, entry.name));
    if (!taken) {
      return fail(std::move(taken.error()).at(path).at_line(entry.line, entry.column));
    }
    loaded.origins[*at] = fmt::format("{}:{}", path, entry.line);
  }
  return {};
}

/// True for names that can only be meant as settings: "SPOOR_LOG_…".
bool is_meant_as_setting(std::string_view name) {
  return std::ranges::any_of(kSettings, [&](const Setting& setting) {
    const std::string group = environment_name(setting.name.substr(0, setting.name.find('.')));
    return name.starts_with(group + "_");
  });
}

Result<void> take_environment(LoadedConfig& loaded,
                              const std::vector<std::pair<std::string, std::string>>& environment) {
  for (const auto& [name, value] : environment) {
    const auto found = std::ranges::find_if(
        kSettings, [&](const Setting& setting) { return environment_name(setting.name) == name; });
    if (found == kSettings.end()) {
      // SPOOR_STORE_BIN and the like are no settings of the server, and none of its groups.
      if (is_meant_as_setting(name)) {
        std::string dotted = to_ascii_lower(std::string_view(name).substr(6));
        dotted[dotted.find('_')] = '.';
        return fail(unknown_setting(name, dotted).at("the environment"));
      }
      continue;
    }
    const auto at = static_cast<std::size_t>(found - kSettings.begin());
    if (auto taken = set_from_text(loaded.values, at, value); !taken) {
      return fail(std::move(taken.error()).at("environment " + name));
    }
    loaded.origins[at] = "environment " + name;
  }
  return {};
}

Result<void> take_flags(LoadedConfig& loaded, const std::vector<std::string>& flags) {
  for (std::size_t word = 0; word < flags.size(); ++word) {
    const std::string_view flag = flags[word];
    if (!flag.starts_with("--")) {
      return fail(invalid(fmt::format("'{}' is no setting", flag))
                      .with_hint("settings are given as --server.listen 127.0.0.1:8443"));
    }
    const std::size_t equals = flag.find('=');
    const std::string_view name = flag.substr(2, equals == flag.npos ? equals : equals - 2);
    const auto at = find_setting(name);
    if (!at) {
      return fail(unknown_setting(fmt::format("--{}", name), name));
    }
    std::string_view value;
    if (equals != flag.npos) {
      value = flag.substr(equals + 1);
    } else if (word + 1 < flags.size()) {
      value = flags[++word];
    } else {
      return fail(invalid(fmt::format("--{} needs a value", name)));
    }
    if (auto taken = set_from_text(loaded.values, *at, value); !taken) {
      return fail(std::move(taken.error()).at(fmt::format("flag --{}", name)));
    }
    loaded.origins[*at] = fmt::format("flag --{}", name);
  }
  return {};
}

}  // namespace

std::optional<std::size_t> find_setting(std::string_view name) {
  for (std::size_t at = 0; at < kSettings.size(); ++at) {
    if (kSettings[at].name == name) {
      return at;
    }
  }
  return std::nullopt;
}

Result<void> set_from_text(Config& config, std::size_t at, std::string_view value) {
  const Setting& setting = kSettings[at];
  if (setting.type == SettingType::kInteger) {
    const auto number = parse_int(value);
    if (!number) {
      return fail(
          invalid(fmt::format("{} is '{}', and must be a whole number", setting.name, value)));
    }
    return set_integer(config, at, *number);
  }
  if (setting.type == SettingType::kBoolean) {
    if (value != "true" && value != "false") {
      return fail(
          invalid(fmt::format("{} is '{}', and must be true or false", setting.name, value)));
    }
    *boolean_of(config, at) = value == "true";
    return {};
  }
  return set_text(config, at, value);
}

std::string environment_name(std::string_view setting) {
  std::string name = "SPOOR_";
  for (const char letter : setting) {
    const bool is_lower = letter >= 'a' && letter <= 'z';
    name += letter == '.' ? '_' : is_lower ? static_cast<char>(letter - 32) : letter;
  }
  return name;
}

std::vector<std::pair<std::string, std::string>> process_environment() {
  std::vector<std::pair<std::string, std::string>> all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) {
      all.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return all;
}

Result<LoadedConfig> load_config(const ConfigSources& sources) {
  LoadedConfig loaded;
  loaded.origins.fill("default");
  if (!sources.file.empty()) {
    TRY_VOID(take_file(loaded, sources.file));
  }
  TRY_VOID(take_environment(loaded, sources.environment));
  TRY_VOID(take_flags(loaded, sources.flags));
  return loaded;
}

std::string setting_text(const Config& config, std::size_t setting) {
  Config values = config;
  if (const auto* number = integer_of(values, setting)) {
    return fmt::format("{}", *number);
  }
  if (const auto* truth = boolean_of(values, setting)) {
    return *truth ? "true" : "false";
  }
  return *text_of(values, setting);
}

std::string print_config(const LoadedConfig& config) {
  std::string out;
  for (std::size_t at = 0; at < kSettings.size(); ++at) {
    const SettingType type = kSettings[at].type;
    std::string value = setting_text(config.values, at);
    if (type != SettingType::kInteger && type != SettingType::kBoolean) {
      // What JSON writes of a text without control characters is a TOML string too.
      std::string quoted;
      json::append_string(quoted, value);
      value = std::move(quoted);
    }
    out += fmt::format("{} = {}  # {}\n", kSettings[at].name, value, config.origins[at]);
  }
  return out;
}

std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> elements;
  for (const std::string_view element : split(text, ',')) {
    if (!trim_blanks(element).empty() || text.contains(',')) {
      elements.emplace_back(trim_blanks(element));
    }
  }
  return elements;
}

Result<HostAndPort> parse_listen(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const auto wrong = [&] {
    return fail(invalid(fmt::format("'{}' is no address with a port", text))
                    .with_hint("such as 127.0.0.1:8443 or [::]:8443"));
  };
  if (colon == std::string_view::npos || colon == 0) {
    return wrong();
  }
  std::string_view host = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const auto port = parse_int(digits);
  const bool is_decimal = !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
  if (!port || !is_decimal || *port > 65535) {
    return wrong();
  }
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.contains(':')) {
    return wrong();
  }
  if (host.empty()) {
    return wrong();
  }
  return HostAndPort{std::string(host), static_cast<std::uint16_t>(*port)};
}

}  // namespace spoor::server
