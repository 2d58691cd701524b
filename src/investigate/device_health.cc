// What is known of a device's protection.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "investigate/device_cards.h"
#include "investigate/plan_text.h"
#include "json/reader.h"

namespace spoor::investigate {
namespace {

/// Places of the checks.
enum Check : std::size_t { kMode = 0, kIntelligence, kEngine, kPlatform, kQuickScan, kFullScan };

constexpr std::array<std::string_view, 6> kNames = {
    "antivirus_mode", "security_intelligence", "engine", "platform", "quick_scan", "full_scan"};
constexpr std::string_view kAssessment = "DeviceTvmInfoGathering";
constexpr std::string_view kEvents = "DeviceEvents";
/// Days after which Windows itself calls definitions old.
constexpr std::int64_t kFreshDays = 7;

/// Values of AvMode.
std::string_view mode_name(std::string_view code) {
  constexpr std::array<std::string_view, 6> kModes = {"Active", "Passive",    "Disabled",
                                                      "Other",  "EDRBlocked", "PassiveAudit"};
  const auto number = parse_int(code);
  return number && *number >= 0 && *number < static_cast<std::int64_t>(kModes.size())
             ? kModes[static_cast<std::size_t>(*number)]
             : code;
}

/// A member of the bag, whatever the case of its name, as text.
std::string text_in(const json::Dynamic& bag, std::string_view name) {
  if (const auto* members = bag.as_object()) {
    for (const auto& member : *members) {
      if (equals_ignoring_case(member.name, name)) {
        return member.value.as_string() != nullptr ? *member.value.as_string()
               : member.value.is_null()            ? ""
                                                   : member.value.dump();
      }
    }
  }
  return "";
}

/// "true" and "1" are good, "false" and "0" bad, anything else is not known.
std::string_view state_of(std::string_view up_to_date) {
  if (equals_ignoring_case(up_to_date, "true") || up_to_date == "1") {
    return "good";
  }
  return equals_ignoring_case(up_to_date, "false") || up_to_date == "0" ? "bad" : "unknown";
}

class HealthReader {
 public:
  HealthReader(const Views& views, const DeviceKey& device) : views_(views), device_(device) {
    for (const std::string_view name : kNames) {
      health_.checks.push_back({.name = name});
    }
  }

  Result<DeviceHealth> run() {
    TRY_VOID(read_assessment());
    TRY_VOID(read_scans());
    TRY_VOID(read_reports());
    choose_headline();
    return std::move(health_);
  }

 private:
  Result<void> read_assessment() {
    Arguments arguments;
    const std::string query = fmt::format(
        "DeviceTvmInfoGathering | where {} | sort by Timestamp desc | take 1 | project Timestamp, "
        "AdditionalFields",
        device_condition(device_.ids, arguments));
    TRY(views_.run_kept(query, arguments.take(), 1,
                        [&](std::span<const kql::Row> rows) -> Result<void> {
                          if (const auto bag = json::parse(text_of(rows[0][1]))) {
                            read_bag(*bag, number_of(rows[0][0]));
                          }
                          return {};
                        }));
    return {};
  }

  void read_bag(const json::Dynamic& bag, Ticks time) {
    if (const std::string code = text_in(bag, "AvMode"); !code.empty()) {
      const std::string_view mode = mode_name(code);
      // Only these two are told apart from what is not known: another product may be the active
      // one.
      set(kMode, std::string(mode),
          mode == "Active"     ? "good"
          : mode == "Disabled" ? "bad"
                               : "unknown",
          time, kAssessment);
    }
    const auto set_version = [&](Check check, std::string_view version, std::string_view fresh) {
      if (std::string value = text_in(bag, version); !value.empty()) {
        set(check, std::move(value), state_of(text_in(bag, fresh)), time, kAssessment);
      }
    };
    set_version(kIntelligence, "AvSignatureVersion", "AvIsSignatureUptoDate");
    set_version(kEngine, "AvEngineVersion", "AvIsEngineUptodate");
    set_version(kPlatform, "AvPlatformVersion", "AvIsPlatformUptodate");
  }

  /// The newest end of a scan of each kind.
  Result<void> read_scans() {
    Arguments arguments;
    const std::string query = fmt::format(
        "DeviceEvents | where {} and ActionType in (\"AntivirusScanCompleted\", "
        "\"AntivirusScanCancelled\", \"AntivirusScanFailed\") | extend Scan = "
        "tostring(parse_json(AdditionalFields).ScanTypeIndex) | summarize arg_max(Timestamp, "
        "ActionType) by Scan | project Scan, Timestamp, ActionType",
        device_condition(device_.ids, arguments));
    TRY(views_.run_kept(query, arguments.take(), 100,
                        [&](std::span<const kql::Row> part) -> Result<void> {
                          for (const kql::Row& cells : part) {
                            read_scan(cells);
                          }
                          return {};
                        }));
    return {};
  }

  void read_scan(const kql::Row& cells) {
    const std::string kind = text_of(cells[0]);
    const bool is_quick = starts_with_ignoring_case(kind, "quick");
    if (!is_quick && !starts_with_ignoring_case(kind, "full")) {
      return;
    }
    const std::string outcome = text_of(cells[2]).substr(std::string_view("AntivirusScan").size());
    set(is_quick ? kQuickScan : kFullScan, outcome,
        outcome == "Completed" ? "good"
        : outcome == "Failed"  ? "bad"
                               : "unknown",
        number_of(cells[1]), kEvents);
  }

  /// What the antivirus itself logged of its state and its versions, newest first; the newest word
  /// on each check counts. Its reports come hourly, so those of the last days are enough.
  Result<void> read_reports() {
    Arguments arguments;
    const std::string query = fmt::format(
        "DeviceEvents | where {} and ActionType in (\"AntivirusDefinitionsUpdated\", "
        "\"AntivirusDefinitionsUpdateFailed\", \"AntivirusEngineUpdated\", "
        "\"AntivirusEngineUpdateFailed\", \"AntivirusHealthReport\", "
        "\"AntivirusPlatformUpdateFailed\", \"AntivirusProtectionDisabled\", "
        "\"AntivirusProtectionEnabled\") | sort by Timestamp desc | take 200 | project Timestamp, "
        "ActionType, AdditionalFields",
        device_condition(device_.ids, arguments));
    TRY(views_.run(
        query, arguments.take(), 200, [&](std::span<const kql::Row> part) -> Result<void> {
          for (const kql::Row& cells : part) {
            const auto bag = json::parse(text_of(cells[2]));
            read_report(text_of(cells[1]), bag ? *bag : json::Dynamic(), number_of(cells[0]));
          }
          return {};
        }));
    return {};
  }

  void read_report(std::string_view action, const json::Dynamic& bag, Ticks time) {
    if (action == "AntivirusProtectionEnabled") {
      set_newer(kMode, "Active", "good", time);
    } else if (action == "AntivirusProtectionDisabled") {
      set_newer(kMode, "Disabled", "bad", time);
    } else if (action == "AntivirusHealthReport") {
      read_health_report(bag, time);
    } else if (action == "AntivirusPlatformUpdateFailed") {
      set_newer(kPlatform, text_in(bag, "ProductVersion"), "bad", time);
    } else {
      const bool is_engine = action.starts_with("AntivirusEngine");
      const std::string_view state = action.ends_with("Failed") ? "bad" : "good";
      if (!is_engine) {
        set_newer(kIntelligence, text_in(bag, "SecurityIntelligenceVersion"), state, time);
      }
      // Definitions bring an engine with them; where they failed, the engine was not at fault.
      if (is_engine || state == "good") {
        set_newer(kEngine, text_in(bag, "EngineVersion"), state, time);
      }
    }
  }

  void read_health_report(const json::Dynamic& bag, Ticks time) {
    // In words of the system's language: only the English ones are told apart.
    const std::string mode = text_in(bag, "RealTimeProtection");
    if (equals_ignoring_case(mode, "Enabled")) {
      set_newer(kMode, "Active", "good", time);
    } else if (equals_ignoring_case(mode, "Disabled")) {
      set_newer(kMode, "Disabled", "bad", time);
    }
    const auto age = parse_int(text_in(bag, "SecurityIntelligenceAgeDays"));
    set_newer(kIntelligence, text_in(bag, "SecurityIntelligenceVersion"),
              !age                ? "unknown"
              : *age > kFreshDays ? "bad"
                                  : "good",
              time);
    const auto set_version = [&](Check check, std::string_view version, std::string_view latest) {
      const std::string installed = text_in(bag, version);
      const std::string newest = text_in(bag, latest);
      set_newer(check, installed,
                newest.empty()        ? "unknown"
                : newest == installed ? "good"
                                      : "bad",
                time);
    };
    set_version(kEngine, "EngineVersion", "LatestEngineVersion");
    set_version(kPlatform, "PlatformVersion", "LatestPlatformVersion");
  }

  void set_newer(Check check, std::string value, std::string_view state, Ticks time) {
    if (!value.empty() &&
        (health_.checks[check].source.empty() || health_.checks[check].time < time)) {
      set(check, std::move(value), state, time, kEvents);
    }
  }

  void set(Check check, std::string value, std::string_view state, Ticks time,
           std::string_view source) {
    HealthCheck& place = health_.checks[check];
    place.value = std::move(value);
    place.state = state;
    place.time = time;
    place.source = source;
  }

  void choose_headline() {
    const auto is = [&](Check check, std::string_view state) {
      return health_.checks[check].state == state;
    };
    if (std::ranges::all_of(health_.checks,
                            [](const HealthCheck& check) { return check.source.empty(); })) {
      health_.reason = "No antivirus on this device reports here.";
      return;
    }
    struct Rule {
      std::string_view headline;
      Check check;
      std::string_view state;
    };
    constexpr std::array<Rule, 11> kRules = {{
        {"antivirus_not_active", kMode, "bad"},
        {"intelligence_not_up_to_date", kIntelligence, "bad"},
        {"engine_not_up_to_date", kEngine, "bad"},
        {"quick_scan_failed", kQuickScan, "bad"},
        {"full_scan_failed", kFullScan, "bad"},
        {"platform_not_up_to_date", kPlatform, "bad"},
        {"intelligence_unknown", kIntelligence, "unknown"},
        {"engine_unknown", kEngine, "unknown"},
        {"quick_scan_unknown", kQuickScan, "unknown"},
        {"full_scan_unknown", kFullScan, "unknown"},
        {"platform_unknown", kPlatform, "unknown"},
    }};
    const auto* const found =
        std::ranges::find_if(kRules, [&](const Rule& rule) { return is(rule.check, rule.state); });
    health_.headline = found == kRules.end() ? "up_to_date" : found->headline;
    health_.reason = found == kRules.end()
                         ? "All that reports say is good."
                         : fmt::format("{} is {}.", kNames[found->check], found->state);
  }

  const Views& views_;
  const DeviceKey& device_;
  DeviceHealth health_;
};

}  // namespace

Result<DeviceHealth> device_health(const Views& views, const DeviceKey& device) {
  TRY_VOID(views.check(device));
  return HealthReader(views, device).run();
}

}  // namespace spoor::investigate
