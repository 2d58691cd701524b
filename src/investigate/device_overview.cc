// What is known of one device.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "investigate/device_list.h"
#include "investigate/device_plan.h"
#include "investigate/timeline_plan.h"
#include "json/reader.h"

namespace spoor::investigate {
namespace {

constexpr std::int64_t kMostGaps = 100;
constexpr std::int64_t kMostUsers = 1000;
constexpr TickSpan kLogonSpan = 30 * kTicksPerDay;

class DeviceReader {
 public:
  DeviceReader(const Views& views, const DeviceKey& device) : views_(views), device_(device) {}

  Result<DeviceOverview> run(state::Devices* devices) {
    TRY_VOID(read_row());
    for (const std::string& id : device_.ids) {
      if (id != device_.id) {
        overview_.merged_ids.push_back(id);
      }
    }
    if (devices != nullptr) {
      overview_.aliases = TRY(devices->aliases(device_.id));
    }
    TRY_VOID(read_addresses());
    TRY_VOID(read_evidence());
    TRY_VOID(read_tables());
    TRY_VOID(read_users());
    TRY_VOID(read_gaps());
    TRY_VOID(read_techniques());
    overview_.health = TRY(device_health(views_, device_));
    overview_.newest_event = TRY(outermost_row(views_, device_, kYearOne, kMaxTicks, true));
    return std::move(overview_);
  }

 private:
  /// Runs a query that names the device's condition as `{}`, and hands on its rows.
  template <class OnRow>
  Result<void> each(std::string_view query, std::int64_t most, const OnRow& on_row,
                    Arguments arguments = Arguments("v")) {
    const std::string text =
        fmt::format(fmt::runtime(query), device_condition(device_.ids, arguments));
    TRY(views_.run_kept(text, arguments.take(), most,
                        [&](std::span<const kql::Row> part) -> Result<void> {
                          for (const kql::Row& cells : part) {
                            on_row(cells);
                          }
                          return {};
                        }));
    return {};
  }

  Result<void> read_row() {
    MergedDevices merged;
    for (const std::string& id : device_.ids) {
      if (id != device_.id) {
        merged.emplace_back(id, device_.id);
      }
    }
    const Ticks now = present_minute();
    Arguments arguments;
    const std::string query = device_table(merged, now, arguments, device_.ids) +
                              fmt::format("| where DeviceId == {} | project {}",
                                          arguments.text(device_.id), device_columns());
    bool is_found = false;
    TRY(views_.run_kept(query, arguments.take(), 1,
                        [&](std::span<const kql::Row> rows) -> Result<void> {
                          overview_.device = read_device(rows[0], now);
                          is_found = true;
                          return {};
                        }));
    if (!is_found) {
      return fail(
          Error::make(ErrorCode::kNotFound, "there is no such device").at(std::string(device_.id)));
    }
    return {};
  }

  Result<void> read_addresses() {
    std::map<std::string, DeviceOverview::Address> found;
    TRY_VOID(each(
        "DeviceNetworkInfo | where {} | sort by Timestamp desc | take 1000 | project Timestamp, "
        "IPAddresses, MacAddress, NetworkAdapterName, DefaultGateways, DnsAddresses",
        1000, [&](const kql::Row& cells) {
          keep_first(overview_.gateways, cells[4]);
          keep_first(overview_.dns_servers, cells[5]);
          const auto list = json::parse(text_of(cells[1]));
          if (!list || list->as_array() == nullptr) {
            return;
          }
          for (const json::Dynamic& each_address : *list->as_array()) {
            const std::string address(each_address["IPAddress"].text_or(""));
            if (!address.empty()) {
              found.try_emplace(address, address, text_of(cells[2]), text_of(cells[3]),
                                number_of(cells[0]));
            }
          }
        }));
    for (auto& [text, address] : found) {
      overview_.addresses.push_back(std::move(address));
    }
    std::ranges::stable_sort(overview_.addresses, std::greater<>(),
                             &DeviceOverview::Address::last_seen);
    return {};
  }

  Result<void> read_evidence() {
    return each(
        "DeviceSourceRecords | where {} and not(TimeIsAbsurd) | summarize Records = count(), First "
        "= min(Timestamp), Last = max(Timestamp) by Channel | sort by Last desc, Channel asc",
        1000, [&](const kql::Row& cells) {
          overview_.evidence.push_back(
              {text_of(cells[0]), number_of(cells[2]), number_of(cells[3]), number_of(cells[1])});
        });
  }

  Result<void> read_tables() {
    return each(
        "DeviceTimeline | where {} | summarize Rows = count(), First = min(Timestamp), Last = "
        "max(Timestamp) by Table | where isnotempty(Table) | sort by Rows desc, Table asc",
        100, [&](const kql::Row& cells) {
          overview_.tables.push_back(
              {text_of(cells[0]), number_of(cells[1]), number_of(cells[2]), number_of(cells[3])});
        });
  }

  Result<void> read_users() {
    LogonRequest request;
    request.device = device_;
    request.from = overview_.device.last_seen - kLogonSpan;
    request.people_only = true;
    request.rows = kMostUsers;
    overview_.logons_from = request.from;
    overview_.users = TRY(device_logons(views_, request)).accounts;
    return {};
  }

  Result<void> read_gaps() {
    return each(
        "DeviceCoverage | where {} | sort by Timestamp desc | take 100 | project Kind, Source, "
        "Detail, Timestamp, EndTime, Lost",
        kMostGaps, [&](const kql::Row& cells) {
          CoverageGap gap{
              text_of(cells[0]), text_of(cells[1]), text_of(cells[2]), number_of(cells[3]), {}, {}};
          if (!std::holds_alternative<std::monostate>(cells[4])) {
            gap.to = number_of(cells[4]);
          }
          if (!std::holds_alternative<std::monostate>(cells[5])) {
            gap.lost = number_of(cells[5]);
          }
          overview_.gaps.push_back(std::move(gap));
        });
  }

  Result<void> read_techniques() {
    TRY_VOID(each("DeviceTechniqueEvents | where {} | count", 1,
                  [&](const kql::Row& cells) { overview_.technique_count = number_of(cells[0]); }));
    return each(
        "DeviceTechniqueEvents | where {} | sort by Timestamp desc | take 7 | project TechniqueId, "
        "TechniqueName, Timestamp, EventId",
        7, [&](const kql::Row& cells) {
          overview_.techniques.push_back(
              {text_of(cells[0]), text_of(cells[1]), number_of(cells[2]), number_of(cells[3])});
        });
  }

  /// Addresses of a JSON array, unless a newer row has told some.
  static void keep_first(std::vector<std::string>& known, const kql::Constant& cell) {
    if (known.empty()) {
      known = texts_of(cell);
      std::erase(known, "");
    }
  }

  const Views& views_;
  const DeviceKey& device_;
  DeviceOverview overview_;
};

}  // namespace

Result<DeviceOverview> device_overview(const Views& views, const DeviceKey& device,
                                       state::Devices* devices) {
  TRY_VOID(views.check(device));
  return DeviceReader(views, device).run(devices);
}

}  // namespace spoor::investigate
