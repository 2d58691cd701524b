// Facets: how often each value occurs, without the terms on the facet's own field.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "investigate/timeline_overview.h"
#include "investigate/timeline_plan.h"

namespace spoor::investigate {
namespace {

/// Fields of few values, which are counted together.
constexpr std::array<std::string_view, 5> kFields = {"Group", "ActionType", "Actor", "Account",
                                                     "Source"};
/// Those with a RemoteIP.
constexpr std::array<std::string_view, 2> kRemoteTables = {"DeviceNetworkEvents",
                                                           "DeviceLogonEvents"};
constexpr std::size_t kMostValues = 50;
constexpr std::int64_t kMostValuesTogether = 100'000;

using Counts = std::map<std::string, std::int64_t>;

Facet facet_of(std::string_view field, const Counts& counts) {
  Facet facet;
  facet.field = field;
  for (const auto& [value, count] : counts) {
    facet.values.push_back({value, count});
  }
  std::ranges::stable_sort(facet.values, std::greater<>(), &FacetValue::count);
  facet.more = facet.values.size() > kMostValues;
  facet.values.resize(std::min(facet.values.size(), kMostValues));
  return facet;
}

class FacetReader {
 public:
  FacetReader(const Views& views, const TimelineSelection& selection) : views_(views) {
    plan_ = plan_selection(selection, arguments_, selection.from, selection.to);
    range_ = time_condition(selection.from, selection.to, arguments_);
    for (const SelectionCondition& each : plan_.conditions) {
      if (std::ranges::find(kFields, each.field) != kFields.end()) {
        own_.insert(each.field);
      }
    }
  }

  Result<std::vector<Facet>> run() {
    const bool is_counted = TRY(count_together());
    std::vector<Facet> facets;
    for (const std::string_view field : kFields) {
      const auto counts = counts_.find(field);
      const bool is_alone = !is_counted || own_.contains(field);
      facets.push_back(is_alone                  ? TRY(count_alone(field))
                       : counts == counts_.end() ? facet_of(field, {})
                                                 : facet_of(field, counts->second));
    }
    facets.push_back(TRY(count_techniques()));
    facets.push_back(TRY(count_remote()));
    return facets;
  }

 private:
  /// The plan's conditions but those on `field`.
  [[nodiscard]] std::string conditions_without(std::string_view field) const {
    std::string text;
    for (const SelectionCondition& each : plan_.conditions) {
      text += each.field == field && !field.empty() ? "" : " | where " + each.condition;
    }
    return text;
  }

  /// One scan for all fields without conditions of their own. False where they have too many
  /// values for that.
  Result<bool> count_together() {
    std::vector<std::string_view> fields;
    for (const std::string_view field : kFields) {
      if (!own_.contains(field)) {
        fields.push_back(field);
      }
    }
    if (fields.empty()) {
      return true;
    }
    const std::string query = fmt::format("{} | where {}{} | evaluate value_counts({})", plan_.scan,
                                          range_, conditions_without(""), fmt::join(fields, ", "));
    Arguments arguments = arguments_;
    const auto result = TRY(views_.run_kept(query, arguments.take(), kMostValuesTogether,
                                            [&](std::span<const kql::Row> part) -> Result<void> {
                                              for (const kql::Row& cells : part) {
                                                counts_[text_of(cells[0])][text_of(cells[1])] =
                                                    number_of(cells[2]);
                                              }
                                              return {};
                                            }));
    return !result.truncated;
  }

  Result<Facet> count_alone(std::string_view field) {
    return top_values(field, fmt::format("{} | where {}{} | project Value = {}", plan_.scan, range_,
                                         conditions_without(field), field));
  }

  /// Few rows have any, so these are read by themselves.
  Result<Facet> count_techniques() {
    return top_values(
        "Techniques",
        fmt::format("{} | where {} and array_length(Techniques) > 0{} | mv-expand Value = "
                    "Techniques to typeof(string) | where isnotempty(Value)",
                    plan_.scan, range_, conditions_without("Techniques")));
  }

  /// Addresses are in the hunting tables alone.
  Result<Facet> count_remote() {
    std::vector<std::string> legs;
    for (const std::string_view table : kRemoteTables) {
      legs.push_back(fmt::format(
          "({} | where {} and {} and isnotempty(RemoteIP) | project Value = RemoteIP, EventId)",
          table, plan_.device, range_));
    }
    const std::string others = conditions_without("RemoteIP");
    std::string query = fmt::format("union {}", fmt::join(legs, ", "));
    if (!others.empty()) {
      // Only events of these tables can be among them.
      query += fmt::format(
          " | where EventId in ({} | where {} and Table in (\"{}\"){} | project "
          "EventId)",
          plan_.scan, range_, fmt::join(kRemoteTables, "\", \""), others);
    }
    return top_values("RemoteIP", std::move(query));
  }

  /// Counts the column Value of a query.
  Result<Facet> top_values(std::string_view field, std::string query) {
    query += fmt::format(
        " | summarize Rows = count() by Value | sort by Rows desc, Value asc | "
        "take {}",
        kMostValues + 1);
    Arguments arguments = arguments_;
    Facet facet;
    facet.field = field;
    TRY(views_.run_kept(query, arguments.take(), kMostValues + 1,
                        [&](std::span<const kql::Row> part) -> Result<void> {
                          for (const kql::Row& cells : part) {
                            facet.values.push_back({text_of(cells[0]), number_of(cells[1])});
                          }
                          return {};
                        }));
    facet.more = facet.values.size() > kMostValues;
    facet.values.resize(std::min(facet.values.size(), kMostValues));
    return facet;
  }

  const Views& views_;
  Arguments arguments_;
  SelectionPlan plan_;
  std::string range_;
  std::set<std::string, std::less<>> own_;  // fields with conditions of their own
  std::map<std::string, Counts, std::less<>> counts_;
};

}  // namespace

Result<std::vector<Facet>> timeline_facets(const Views& views, const TimelineSelection& selection) {
  TRY_VOID(views.check(selection.device));
  return FacetReader(views, selection).run();
}

}  // namespace spoor::investigate
