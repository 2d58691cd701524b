#include "investigate/device_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "investigate/device_plan.h"
#include "investigate/filter_fields.h"
#include "investigate/filter_plan.h"
#include "json/reader.h"
#include "json/writer.h"

namespace spoor::investigate {
namespace {

constexpr std::int64_t kMostRows = 1000;
constexpr std::size_t kMostSorts = 6;

/// One key of the order, with the value that stands for "absent" so that any two rows compare.
struct SortKey {
  const Field* field = nullptr;
  bool descending = false;

  [[nodiscard]] std::string expression() const {
    const std::string name(field->shown.name);
    switch (field->shown.type) {
      case kql::Type::kString:
        return fmt::format("tolower({})", name);
      case kql::Type::kDateTime:
        return fmt::format("coalesce({}, datetime(0001-01-01))", name);
      default:
        return fmt::format("coalesce({}, -1)", name);
    }
  }
};

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
    keys.push_back({field, sort.descending});
  }
  keys.push_back({find_field(FilterSubject::kDevices, "DeviceId"), false});
  return keys;
}

std::string order_name(const std::vector<SortKey>& keys) {
  std::string name;
  for (const SortKey& key : keys) {
    name += fmt::format("{}{}{}", name.empty() ? "" : ",", key.descending ? "-" : "",
                        key.field->shown.name);
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
    const bool is_text = key.field->shown.type == kql::Type::kString;
    if (is_text ? value.as_string() == nullptr : value.as_int64() == nullptr) {
      return fail(ErrorCode::kInvalidInput, "the cursor is damaged");
    }
    const std::string bound = is_text ? arguments.text(*value.as_string())
                              : key.field->shown.type == kql::Type::kDateTime
                                  ? arguments.time(*value.as_int64())
                                  : arguments.number(*value.as_int64());
    condition += fmt::format("{}({}Key{} {} {})", condition.empty() ? "" : " or ", equal, i,
                             key.descending ? "<" : ">", bound);
    equal += fmt::format("Key{} == {} and ", i, bound);
  }
  return condition;
}

std::string filter_text(const Filter& filter, Arguments& arguments) {
  bool is_wide = false;
  std::string text;
  for (const std::string& each :
       term_conditions(filter, arguments, {}, kYearOne, kMaxTicks, is_wide)) {
    text += "| where " + each + "\n";
  }
  return text;
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

std::string device_query_text(const Filter& filter) {
  Arguments none;
  std::string text = device_table({}, none).substr(1);
  for (const std::string& condition : device_term_texts(filter)) {
    text += "| where " + condition + "\n";
  }
  return text + "| sort by LastSeen desc, DeviceId asc\n";
}

Result<DevicePage> device_page(const Views& views, const MergedDevices& merged,
                               const DeviceListRequest& request) {
  if (request.rows < 1 || request.rows > kMostRows) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("a page has 1 to {} devices, not {}", kMostRows, request.rows));
  }
  const std::vector<SortKey> keys = TRY(sort_keys(request.sort));
  Arguments arguments;
  std::string query = device_table(merged, arguments) + filter_text(request.filter, arguments);
  std::string order;
  std::string names;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    query += fmt::format("| extend Key{} = {}\n", i, keys[i].expression());
    order += fmt::format("{}Key{} {}", i == 0 ? "" : ", ", i, keys[i].descending ? "desc" : "asc");
    names += fmt::format(", Key{}", i);
  }
  if (!request.cursor.empty()) {
    query += "| where " + TRY(after_cursor(keys, request.cursor, arguments)) + "\n";
  }
  query += fmt::format("| sort by {}\n| take {}\n| project {}{}", order,
                       arguments.number(request.rows + 1), kDeviceColumns, names);
  DevicePage page;
  std::string last;
  TRY(views.run(query, arguments.take(), request.rows + 1,
                [&](std::span<const kql::Row> part) -> Result<void> {
                  for (const kql::Row& cells : part) {
                    if (static_cast<std::int64_t>(page.rows.size()) == request.rows) {
                      page.next = last;
                      return {};
                    }
                    page.rows.push_back(read_device(cells));
                    last = write_cursor(keys, std::span(cells).subspan(cells.size() - keys.size()));
                  }
                  return {};
                }));
  return page;
}

Result<DeviceCounters> device_counters(const Views& views, const MergedDevices& merged,
                                       const Filter& filter, Ticks now) {
  Arguments arguments;
  const std::string query =
      device_table(merged, arguments) + filter_text(filter, arguments) +
      fmt::format(
          "| summarize count(), countif(Health != \"LogsOnly\" and LastSeen < {}), "
          "countif(Health == \"LogsOnly\"), countif(FirstSeen >= {}), "
          "countif(coalesce(IsInternetFacing, false))",
          arguments.time(now - kTicksPerHour), arguments.time(now - kTicksPerWeek));
  DeviceCounters counters;
  counters.as_of = now;
  TRY(views.run(query, arguments.take(), 1, [&](std::span<const kql::Row> rows) -> Result<void> {
    const kql::Row& cells = rows[0];
    counters.total = number_of(cells[0]);
    counters.silent = number_of(cells[1]);
    counters.logs_only = number_of(cells[2]);
    counters.new_in_week = number_of(cells[3]);
    counters.internet_facing = number_of(cells[4]);
    return {};
  }));
  return counters;
}

}  // namespace spoor::investigate
