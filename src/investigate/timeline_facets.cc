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
constexpr std::size_t kMostValues = 50;
constexpr std::int64_t kMostCombinations = 100'000;

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
        own_[each.field].push_back(each.condition);
      }
    }
  }

  Result<std::vector<Facet>> run() {
    std::vector<Facet> facets;
    if (TRY(count_together())) {
      for (std::size_t i = 0; i < kFields.size(); ++i) {
        facets.push_back(facet_of(kFields[i], counts_[i]));
      }
    } else {
      for (const std::string_view field : kFields) {
        facets.push_back(TRY(count_alone(field)));
      }
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

  /// One scan for all facets: rows are counted by the values of all fields together, and by whether
  /// each field's own conditions hold. False where there are too many combinations for that.
  Result<bool> count_together() {
    std::string query = plan_.scan + " | where " + range_;
    for (const SelectionCondition& each : plan_.conditions) {
      query += own_.contains(each.field) ? "" : " | where " + each.condition;
    }
    std::string by;
    for (const std::string_view field : kFields) {
      by += fmt::format("{}{}", by.empty() ? "" : ", ", field);
    }
    std::vector<std::string_view> tested;
    for (const auto& [field, conditions] : own_) {
      query += fmt::format(" | extend Own{} = {}", tested.size(), fmt::join(conditions, " and "));
      by += fmt::format(", Own{}", tested.size());
      tested.push_back(field);
    }
    // A row that fails the conditions of two fields is counted nowhere.
    if (tested.size() > 1) {
      std::vector<std::string> failed;
      for (std::size_t i = 0; i < tested.size(); ++i) {
        failed.push_back(fmt::format("iff(Own{}, 0, 1)", i));
      }
      query += fmt::format(" | where {} <= 1", fmt::join(failed, " + "));
    }
    query += " | summarize Rows = count() by " + by;
    Arguments arguments = arguments_;
    const auto result = TRY(views_.run(query, arguments.take(), kMostCombinations,
                                       [&](std::span<const kql::Row> part) -> Result<void> {
                                         for (const kql::Row& cells : part) {
                                           add(cells, tested);
                                         }
                                         return {};
                                       }));
    return !result.truncated;
  }

  void add(const kql::Row& cells, const std::vector<std::string_view>& tested) {
    const std::int64_t rows = number_of(cells.back());
    std::string_view failed;
    std::size_t failures = 0;
    for (std::size_t i = 0; i < tested.size(); ++i) {
      const auto* holds = std::get_if<bool>(&cells[kFields.size() + i]);
      if (holds == nullptr || !*holds) {
        failed = tested[i];
        ++failures;
      }
    }
    for (std::size_t i = 0; i < kFields.size(); ++i) {
      if (failures > 1 || (failures == 1 && failed != kFields[i])) {
        continue;
      }
      counts_[i][text_of(cells[i])] += rows;
    }
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
    const std::string others = conditions_without("RemoteIP");
    const std::string shown = others.empty() ? ""
                                             : fmt::format(
                                                   " and EventId in ({} | where {}{} | project "
                                                   "EventId)",
                                                   plan_.scan, range_, others);
    for (const std::string_view table : {"DeviceNetworkEvents", "DeviceLogonEvents"}) {
      legs.push_back(
          fmt::format("({} | where {} and {} and isnotempty(RemoteIP){} | project Value "
                      "= RemoteIP)",
                      table, plan_.device, range_, shown));
    }
    return top_values("RemoteIP", fmt::format("union {}", fmt::join(legs, ", ")));
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
    TRY(views_.run(query, arguments.take(), kMostValues + 1,
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
  std::map<std::string, std::vector<std::string>, std::less<>> own_;  // by field
  std::array<Counts, kFields.size()> counts_;
};

}  // namespace

Result<std::vector<Facet>> timeline_facets(const Views& views, const TimelineSelection& selection) {
  TRY_VOID(views.check(selection.device));
  return FacetReader(views, selection).run();
}

}  // namespace spoor::investigate
