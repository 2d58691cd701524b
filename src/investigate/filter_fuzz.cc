// The filter language on any bytes: it refuses or makes a plan that compiles, with the value bound
// and with the value written out.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "investigate/filter.h"
#include "investigate/timeline.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace spoor;
  using namespace spoor::investigate;
  if (size == 0) {
    return 0;
  }
  const FilterSubject subject =
      data[0] % 2 == 0 ? FilterSubject::kTimeline : FilterSubject::kDevices;
  const auto filter =
      parse_filter(std::string_view(reinterpret_cast<const char*>(data + 1), size - 1), subject);
  // Words are looked for in every column of every hunting table: a few of them tell as much as
  // many.
  if (!filter || filter->terms.size() > 4) {
    return 0;
  }
  const bool is_timeline = subject == FilterSubject::kTimeline;
  const FilterPlan plan = plan_filter(*filter, "f", {"d"}, kYearOne, kMaxTicks);
  TimelineSelection selection;
  selection.device.ids = {"d"};
  selection.filter = *filter;
  const std::string text =
      is_timeline ? timeline_query_text(selection, false) : device_query_text(*filter);
  kql::CompileOptions options;
  options.now = 1;
  const auto readable = kql::compile(text, options);
  bool is_good = readable.has_value() || readable.error().code == ErrorCode::kLimit;
  if (is_timeline) {
    options.arguments = plan.arguments;
    const auto bound = kql::compile("DeviceTimeline | where " + plan.condition, options);
    is_good = is_good && (bound.has_value() || bound.error().code == ErrorCode::kLimit);
  }
  if (!is_good) {
    std::abort();
  }
  return 0;
}
