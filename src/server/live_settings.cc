#include "server/live_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "auth/record.h"
#include "base/log.h"
#include "base/ticks.h"
#include "json/writer.h"
#include "state/state.h"

namespace spoor::server {
namespace {

constexpr std::string_view kAction = "settings.change";
constexpr std::string_view kChanged = "changed";
constexpr std::string_view kDefault = "default";

/// "default", "changed", "environment", "flag", "file". Which file it is stays on this machine.
std::string_view origin_kind(std::string_view origin) {
  if (origin == kDefault || origin == kChanged) {
    return origin;
  }
  return origin.starts_with("environment ") ? "environment"
         : origin.starts_with("flag --")    ? "flag"
                                            : "file";
}

bool is_given_elsewhere(std::string_view origin) {
  const std::string_view kind = origin_kind(origin);
  return kind != kDefault && kind != kChanged;
}

std::unexpected<Error> given_elsewhere(std::string_view name, std::string_view origin) {
  const std::string_view kind = origin_kind(origin);
  const std::string place = kind == "environment" ? "the environment of the server"
                            : kind == "flag"      ? "a flag of the server's command line"
                                                  : "the server's configuration file";
  return fail(
      Error::make(ErrorCode::kConflict, fmt::format("{} is given by {}", name, place))
          .with_hint("change it there and start the server again, or take it out of there"));
}

void write_part(json::Writer& writer, std::string_view part, std::string_view value,
                std::string_view origin) {
  writer.key(part).begin_object().key("value").string(value);
  writer.key("origin").string(origin).end_object();
}

}  // namespace

Result<std::unique_ptr<LiveSettings>> LiveSettings::open(state::State& state,
                                                         const LoadedConfig& config,
                                                         std::function<void(const Config&)> apply) {
  std::unique_ptr<LiveSettings> settings(new LiveSettings(state, config, std::move(apply)));
  TRY_VOID(settings->take_stored());
  return settings;
}

Result<void> LiveSettings::take_stored() {
  for (const auto& [name, value] : TRY(state_.settings().all())) {
    const auto at = find_setting(name);
    if (!at || !kSettings[*at].is_live) {
      continue;  // of another build
    }
    if (is_given_elsewhere(config_.origins[*at])) {
      log::warning("settings.change_hidden",
                   {{"setting", name}, {"by", origin_kind(config_.origins[*at])}});
    } else if (const auto set = set_from_text(config_.values, *at, value); !set) {
      log::error("settings.change_left_out", set.error());
    } else {
      config_.origins[*at] = kChanged;
    }
  }
  if (apply_) {
    apply_(config_.values);
  }
  return {};
}

Config LiveSettings::values() const {
  const std::scoped_lock lock(mutex_);
  return config_.values;
}

/// Under the lock.
Result<api::EffectiveSetting> LiveSettings::describe(std::size_t at) const {
  const Setting& setting = kSettings[at];
  api::EffectiveSetting shown;
  shown.key = setting.name;
  shown.value = setting_text(config_.values, at);
  shown.origin = origin_kind(config_.origins[at]);
  shown.doc = setting.doc;
  shown.is_changeable = setting.is_live && !is_given_elsewhere(config_.origins[at]);
  if (setting.is_live) {
    state::AuditFilter last;
    last.action_prefix = kAction;
    last.object = setting.name;
    for (const state::AuditEntry& entry : TRY(state_.audit().newest(1, INT64_MAX, last))) {
      shown.changed_by = entry.actor;
      shown.changed = entry.time;
    }
  }
  return shown;
}

Result<std::vector<api::EffectiveSetting>> LiveSettings::list() const {
  const std::scoped_lock lock(mutex_);
  std::vector<api::EffectiveSetting> all;
  for (std::size_t at = 0; at < kSettings.size(); ++at) {
    all.push_back(TRY(describe(at)));
  }
  return all;
}

Result<api::EffectiveSetting> LiveSettings::change(const auth::Caller& caller,
                                                   std::string_view name,
                                                   const std::optional<std::string>& value) {
  TRY_VOID(auth::require(caller, auth::Permission::kSettingsWrite));
  const auto at = find_setting(name);
  if (!at) {
    return fail(ErrorCode::kNotFound, fmt::format("there is no setting {}", name));
  }
  const Setting& setting = kSettings[*at];
  const std::scoped_lock lock(mutex_);
  const std::string& origin = config_.origins[*at];
  if (!setting.is_live) {
    return fail(
        Error::make(ErrorCode::kConflict, fmt::format("{} holds while the server runs", name))
            .with_hint("give it in the configuration and start the server again"));
  }
  if (is_given_elsewhere(origin)) {
    return given_elsewhere(name, origin);
  }
  Config changed = config_.values;
  TRY_VOID(set_from_text(changed, *at, value ? std::string_view(*value) : setting.default_text));
  const std::string_view origin_after = value ? kChanged : kDefault;
  std::string detail;
  json::Writer writer(detail);
  writer.begin_object();
  write_part(writer, "before", setting_text(config_.values, *at), origin);
  write_part(writer, "after", setting_text(changed, *at), origin_after);
  writer.end_object();
  TRY_VOID(state_.in_transaction([&]() -> Result<void> {
    if (value) {
      TRY_VOID(state_.settings().set(setting.name, setting_text(changed, *at)));
    } else {
      TRY(state_.settings().remove(setting.name));
    }
    return auth::record(state_, caller, now_ticks(), kAction, setting.name, detail);
  }));
  config_.values = std::move(changed);
  config_.origins[*at] = origin_after;
  if (apply_) {
    apply_(config_.values);
  }
  return describe(*at);
}

}  // namespace spoor::server
