#include "investigate/device_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "investigate/device_facts.h"
#include "investigate/device_plan.h"
#include "investigate/filter_fields.h"
#include "json/reader.h"
#include "json/writer.h"

namespace spoor::investigate {
namespace {

constexpr std::int64_t kMostRows = 1000;
constexpr std::int64_t kMostDevices = 10'000'000;
constexpr std::size_t kMostSorts = 6;
constexpr int kSortedLetters = 48;

/// One key of the order, with the value that stands for "absent" so that any two rows compare.
struct SortKey {
  std::string_view name;
  bool descending = false;
  kql::Type type = kql::Type::kString;
  std::string expression;
};

/// Levels are ordered by what they mean.
std::string level_expression(std::string_view name) {
  return fmt::format(
      "case({0} =~ \"VeryHigh\", 5, {0} =~ \"High\", 4, {0} in~ (\"Medium\", \"Normal\"), 3, "
      "{0} =~ \"Low\", 2, isnotempty({0}), 1, 0)",
      name);
}

SortKey sort_key(const Field& field, bool descending) {
  SortKey key{field.shown.name, descending, field.shown.type, ""};
  if (key.name == "Criticality" || key.name == "AssetValue" || key.name == "ExposureLevel") {
    key.type = kql::Type::kLong;
    key.expression = level_expression(key.name);
  } else if (key.type == kql::Type::kString) {
    // Its beginning: a cursor holds it, and texts are as long as a hostile source wants.
    key.expression = fmt::format("tolower(substring({}, 0, {}))", key.name, kSortedLetters);
  } else if (key.type == kql::Type::kDateTime) {
    key.expression = fmt::format("coalesce({}, datetime(0001-01-01))", key.name);
  } else {
    key.expression = fmt::format("coalesce({}, -1)", key.name);
  }
  return key;
}

Result<std::vector<SortKey>> sort_keys(const std::vector<DeviceSort>& wanted) {
  std::vector<DeviceSort> sorts = wanted;
  if (sorts.empty()) {
    sorts.push_back({"LastSeen", true});
  }
  if (sorts.size() > kMostSorts) {
    return fail(ErrorCode::kLimit,
                fmt::format("devices are sorted by at most {} fields", kMostSorts));
  }
  std::vector<SortKey> keys;
  for (const DeviceSort& sort : sorts) {
    const Field* field = find_field(FilterSubject::kDevices, sort.field);
    if (field == nullptr || field->shown.type == kql::Type::kBool) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("devices cannot be sorted by '{}'", sort.field));
    }
    keys.push_back(sort_key(*field, sort.descending));
  }
  keys.push_back(sort_key(*find_field(FilterSubject::kDevices, "DeviceId"), false));
  return keys;
}

std::string order_name(const std::vector<SortKey>& keys) {
  std::string name;
  for (const SortKey& key : keys) {
    name += fmt::format("{}{}{}", name.empty() ? "" : ",", key.descending ? "-" : "", key.name);
  }
  return name;
}

/// The values of a row's keys and the order that they belong to.
std::string write_cursor(const std::vector<SortKey>& keys, std::span<const kql::Constant> values) {
  std::string text;
  json::Writer json(text);
  json.begin_array().string(order_name(keys));
  for (const kql::Constant& value : values) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      json.number(*number);
    } else {
      json.string(text_of(value));
    }
  }
  json.end_array();
  return text;
}

/// Condition: a row comes after the cursor's.
Result<std::string> after_cursor(const std::vector<SortKey>& keys, const std::string& cursor,
                                 Arguments& arguments) {
  const auto read =
      json::parse(cursor, {.max_bytes = 16U << 10U, .max_depth = 2, .max_values = 32});
  const auto* values = read ? read->as_array() : nullptr;
  if (values == nullptr || values->size() != keys.size() + 1 ||
      (*values)[0].text_or("") != order_name(keys)) {
    return fail(Error::make(ErrorCode::kInvalidInput, "the cursor is none of this order")
                    .with_hint("begin with the first page"));
  }
  std::string equal;
  std::string condition;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const SortKey& key = keys[i];
    const json::Dynamic& value = (*values)[i + 1];
    const bool is_text = key.type == kql::Type::kString;
    if (is_text ? value.as_string() == nullptr : value.as_int64() == nullptr) {
      return fail(ErrorCode::kInvalidInput, "the cursor is damaged");
    }
    const std::string bound = is_text ? arguments.text(*value.as_string())
                              : key.type == kql::Type::kDateTime
                                  ? arguments.time(*value.as_int64())
                                  : arguments.number(*value.as_int64());
    condition += fmt::format("{}({}Key{} {} {})", condition.empty() ? "" : " or ", equal, i,
                             key.descending ? "<" : ">", bound);
    equal += fmt::format("Key{} == {} and ", i, bound);
  }
  return condition;
}

/// What silence and newness are told against.
Ticks told_at(const DeviceSelection& selection) {
  return selection.now == 0 ? present_minute() : selection.now;
}

/// The devices selected, but for what is left out.
std::string matching_devices(const MergedDevices& merged, const DeviceSelection& selection,
                             Arguments& arguments) {
  return device_table(merged, told_at(selection), arguments) +
         device_filter_text(selection.filter, arguments);
}

std::string selected_devices(const MergedDevices& merged, const DeviceSelection& selection,
                             Arguments& arguments) {
  return matching_devices(merged, selection, arguments) +
         std::string(selection.leave_out ? kLeaveOut : "");
}

}  // namespace

Result<MergedDevices> merged_devices(state::Devices& devices) {
  MergedDevices merged;
  for (const state::Device& device : TRY(devices.list())) {
    for (const std::string& part : device.merged_ids) {
      merged.emplace_back(part, device.device_id);
    }
  }
  return merged;
}

Result<DevicePage> device_page(const Views& views, const MergedDevices& merged,
                               const DeviceListRequest& request) {
  if (request.rows < 1 || request.rows > kMostRows) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a page has 1 to {} devices, not {}", kMostRows, request.rows));
  }
  const std::vector<SortKey> keys = TRY(sort_keys(request.sort));
  Arguments arguments;
  std::string query = selected_devices(merged, request.selection, arguments);
  std::string order;
  std::string names;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    query += fmt::format("| extend Key{} = {}\n", i, keys[i].expression);
    order += fmt::format("{}Key{} {}", i == 0 ? "" : ", ", i, keys[i].descending ? "desc" : "asc");
    names += fmt::format(", Key{}", i);
  }
  if (!request.cursor.empty()) {
    query += "| where " + TRY(after_cursor(keys, request.cursor, arguments)) + "\n";
  }
  // Keys first: what a page shows is planned for the filter's and the order's columns alone.
  query += fmt::format("| sort by {}\n| take {}\n| project DeviceId{}", order,
                       arguments.number(request.rows + 1), names);
  DevicePage page;
  std::vector<std::string> ids;
  std::string last;
  TRY(views.run_kept(query, arguments.take(), request.rows + 1,
                     [&](std::span<const kql::Row> part) -> Result<void> {
                       for (const kql::Row& cells : part) {
                         if (static_cast<std::int64_t>(ids.size()) == request.rows) {
                           page.next = last;
                           return {};
                         }
                         ids.push_back(text_of(cells[0]));
                         last = write_cursor(keys, std::span(cells).subspan(1));
                       }
                       return {};
                     }));
  page.rows = TRY(device_rows(views, merged, ids, told_at(request.selection)));
  return page;
}

Result<void> each_device(const Views& views, const MergedDevices& merged,
                         const DeviceSelection& selection, const std::vector<DeviceSort>& sort,
                         const std::function<Result<void>(std::span<const DeviceRow>)>& on_rows) {
  const std::vector<SortKey> keys = TRY(sort_keys(sort));
  Arguments arguments;
  std::string query = selected_devices(merged, selection, arguments);
  std::string order;
  for (const SortKey& key : keys) {
    order += fmt::format("{}{} {}", order.empty() ? "" : ", ", key.expression,
                         key.descending ? "desc" : "asc");
  }
  query += fmt::format("| sort by {}\n| project {}", order, device_columns());
  const Ticks now = told_at(selection);
  TRY(views.run(query, arguments.take(), kMostDevices,
                [&](std::span<const kql::Row> part) -> Result<void> {
                  std::vector<DeviceRow> rows;
                  rows.reserve(part.size());
                  for (const kql::Row& cells : part) {
                    rows.push_back(read_device(cells, now));
                  }
                  return on_rows(rows);
                }));
  return {};
}

Result<std::vector<std::string>> device_ids(const Views& views, const MergedDevices& merged,
                                            const DeviceSelection& selection, std::int64_t most) {
  Arguments arguments;
  std::string query = selected_devices(merged, selection, arguments);
  query += fmt::format("| project DeviceId | sort by DeviceId asc | take {}",
                       arguments.number(most + 1));
  std::vector<std::string> ids;
  TRY(views.run(query, arguments.take(), most + 1,
                [&](std::span<const kql::Row> part) -> Result<void> {
                  for (const kql::Row& cells : part) {
                    ids.push_back(text_of(cells[0]));
                  }
                  return {};
                }));
  return ids;
}

Result<std::string> device_named(const Views& views, const std::string& id_or_name) {
  constexpr std::int64_t kMostNamed = 100;
  const std::string wanted = to_ascii_lower(id_or_name);
  Arguments arguments;
  const std::string text = arguments.text(wanted);
  const std::string query =
      device_table({}, present_minute(), arguments) +
      fmt::format(
          "| where DeviceId == {0} or DeviceName =~ {0} or DeviceName startswith {1}\n"
          "| sort by LastSeen desc, DeviceId asc\n| project DeviceId",
          text, arguments.text(wanted + "."));
  std::vector<std::string> found;
  TRY(views.run_kept(query, arguments.take(), kMostNamed,
                     [&](std::span<const kql::Row> rows) -> Result<void> {
                       for (const kql::Row& cells : rows) {
                         found.push_back(text_of(cells[0]));
                       }
                       return {};
                     }));
  if (std::ranges::find(found, wanted) != found.end()) {
    return wanted;
  }
  if (found.empty()) {
    return fail(Error::make(ErrorCode::kNotFound,
                            fmt::format("no device has the id or name '{}'", id_or_name))
                    .with_hint("spoor device list shows them"));
  }
  if (found.size() > 1) {
    return fail(Error::make(ErrorCode::kConflict,
                            fmt::format("{} devices have the name '{}'", found.size(), id_or_name))
                    .with_hint(fmt::format("give an id: {}", fmt::join(found, ", "))));
  }
  return found.front();
}

Result<DeviceCounters> device_counters(const Views& views, const MergedDevices& merged,
                                       const DeviceSelection& selection) {
  Arguments arguments;
  DeviceCounters counters;
  counters.as_of = told_at(selection);
  const std::array<std::pair<std::string_view, std::int64_t*>, 14> counts = {{
      {"Shown", &counters.total},
      {"Shown and Kind == \"computer\"", &counters.computers},
      {"Shown and Kind == \"network\"", &counters.network},
      {"Shown and Kind == \"iot\"", &counters.iot},
      {"Shown and Kind == \"uncategorised\"", &counters.uncategorised},
      {"Shown and Criticality in (\"High\", \"VeryHigh\")", &counters.critical},
      {"Shown and ExposureLevel =~ \"High\"", &counters.high_exposure},
      {"Shown and not(coalesce(IsOnboarded, true))", &counters.not_onboarded},
      {"Shown and IsSilent", &counters.silent},
      {"Shown and Health == \"LogsOnly\"", &counters.logs_only},
      {"Shown and IsNew", &counters.new_in_week},
      {"Shown and coalesce(IsInternetFacing, false)", &counters.internet_facing},
      {"not(Shown) and Transient", &counters.left_out_transient},
      {"not(Shown) and not(Transient)", &counters.left_out_excluded},
  }};
  std::string query = matching_devices(merged, selection, arguments);
  query += fmt::format(
      "| extend Transient = coalesce(IsTransient, false)\n| extend Shown = not({0} and (Transient "
      "or coalesce(IsExcluded, false)))\n| summarize ",
      arguments.boolean(selection.leave_out));
  for (const auto& [condition, count] : counts) {
    query += fmt::format("{}countif({})", count == &counters.total ? "" : ", ", condition);
  }
  TRY(views.run_kept(query, arguments.take(), 1,
                     [&](std::span<const kql::Row> rows) -> Result<void> {
                       for (std::size_t at = 0; at < counts.size(); ++at) {
                         *counts[at].second = number_of(rows[0][at]);
                       }
                       return {};
                     }));
  return counters;
}

Result<std::vector<DeviceTagCount>> device_tags(const Views& views) {
  constexpr std::int64_t kMostTags = 1000;
  std::vector<DeviceTagCount> tags;
  TRY(views.run(
      "DeviceMarks | where EventId == 0 and Kind == \"tag\" | summarize arg_max(SetTime, Removed) "
      "by DeviceId, Value | where not(Removed) | summarize Devices = count() by Value | sort by "
      "Devices desc, Value asc | take 1000",
      {}, kMostTags, [&](std::span<const kql::Row> part) -> Result<void> {
        for (const kql::Row& cells : part) {
          tags.push_back({text_of(cells[0]), number_of(cells[1])});
        }
        return {};
      }));
  return tags;
}

}  // namespace spoor::investigate
