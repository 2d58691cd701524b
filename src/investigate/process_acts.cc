#include "investigate/process_acts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "investigate/plan_text.h"

namespace spoor::investigate {
namespace {

constexpr std::size_t kAtOnce = 2000;
constexpr std::int64_t kMostRows = 1'000'000;

using ActsByKey = std::map<std::int64_t, ProcessActs*>;

/// A process that ends itself does not act by it, nor does one that is ended by its own record.
constexpr std::string_view kActs = R"(
DeviceTimeline
| where {} and InitiatingProcessKey in ({}) and ActionType != "ProcessTerminated"
| summarize Acts = count(), Last = max(Timestamp) by InitiatingProcessKey, Group
)";

/// Of several records of one end the first counts.
constexpr std::string_view kEnds = R"(
DeviceTimeline
| where {} and ProcessKey in ({}) and ActionType == "ProcessTerminated"
| summarize Ended = min(Timestamp) by ProcessKey
)";

/// A start tells of the process that was started; any other act of the one that acted.
constexpr std::string_view kTechniques = R"(
DeviceTimeline
| where {0} and array_length(Techniques) > 0
| extend Subject = iff(ActionType == "ProcessCreated", ProcessKey, InitiatingProcessKey)
| where Subject in ({1})
| mv-expand Technique = Techniques to typeof(string)
| summarize Events = count() by Subject, Technique
)";

std::int64_t& count_of(ProcessActs& acts, std::string_view group) {
  if (group == "process") {
    return acts.process;
  }
  if (group == "network" || group == "dns" || group == "firewall") {
    return acts.network;
  }
  if (group == "file" || group == "image" || group == "driver") {
    return acts.file;
  }
  return group == "registry" ? acts.registry : acts.other;
}

/// Runs a plan over the processes and hands each row to the acts of the one that it is of.
template <typename Take>
Result<void> read(const Views& views, const DeviceKey& device, const ActsByKey& acts,
                  std::string_view plan, Take take) {
  std::vector<std::int64_t> keys;
  for (const auto& [key, of] : acts) {
    keys.push_back(key);
  }
  Arguments arguments;
  const std::string condition = device_condition(device.ids, arguments);
  const std::string query = fmt::format(fmt::runtime(plan), condition, arguments.numbers(keys));
  TRY(views.run(query, arguments.take(), kMostRows,
                [&](std::span<const kql::Row> rows) -> Result<void> {
                  for (const kql::Row& row : rows) {
                    if (const auto found = acts.find(number_of(row[0])); found != acts.end()) {
                      take(*found->second, row);
                    }
                  }
                  return {};
                }));
  return {};
}

Result<void> read_all(const Views& views, const DeviceKey& device, const ActsByKey& acts) {
  TRY_VOID(read(views, device, acts, kActs, [](ProcessActs& of, const kql::Row& row) {
    count_of(of, text_of(row[1])) += number_of(row[2]);
    of.last = std::max(of.last, number_of(row[3]));
  }));
  TRY_VOID(read(views, device, acts, kEnds,
                [](ProcessActs& of, const kql::Row& row) { of.ended = number_of(row[1]); }));
  TRY_VOID(read(views, device, acts, kTechniques, [](ProcessActs& of, const kql::Row& row) {
    of.techniques.push_back(text_of(row[1]));
  }));
  for (const auto& [key, of] : acts) {
    std::ranges::sort(of->techniques);
  }
  return {};
}

}  // namespace

Result<void> add_process_acts(const Views& views, const DeviceKey& device,
                              std::span<ProcessNode> nodes) {
  while (!nodes.empty()) {
    ActsByKey acts;
    const std::span<ProcessNode> some = nodes.first(std::min(nodes.size(), kAtOnce));
    for (ProcessNode& node : some) {
      acts.emplace(node.key, &node.acts.emplace());
    }
    TRY_VOID(read_all(views, device, acts));
    nodes = nodes.subspan(some.size());
  }
  return {};
}

}  // namespace spoor::investigate
