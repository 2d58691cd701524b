#include "api/device_selection.h"

#include "api/errors.h"

namespace spoor::api {

Result<investigate::DeviceSelection> read_device_selection(
    const std::function<const json::Dynamic&(std::string_view)>& value) {
  investigate::DeviceSelection selection;
  auto filter =
      investigate::parse_filter(value("q").text_or(""), investigate::FilterSubject::kDevices);
  if (!filter) {
    return fail(in_field(std::move(filter).error(), "q"));
  }
  selection.filter = *std::move(filter);
  const bool* leave_out = value("leave_out").as_bool();
  selection.leave_out = leave_out != nullptr && *leave_out;
  return selection;
}

std::vector<investigate::DeviceSort> read_device_sort(const std::vector<std::string>& fields) {
  std::vector<investigate::DeviceSort> sort;
  for (const std::string& field : fields) {
    const bool falls = field.starts_with('-');
    sort.push_back({field.substr(falls ? 1 : 0), falls});
  }
  return sort;
}

}  // namespace spoor::api
