#include "store/existing.h"

#include <algorithm>
#include <span>

#include "base/id_set.h"
#include "event/native_reader.h"

namespace spoor::store {

Result<std::vector<std::int64_t>> existing_event_ids(const Client& client,
                                                     const std::string& device_id, Ticks first,
                                                     Ticks last,
                                                     const std::vector<std::int64_t>& event_ids) {
  const IdSet wanted(event_ids);
  IdSet found;
  std::vector<std::int64_t> existing;
  Query query;
  // The key bounds what is read; the ids are compared here, for a list of fifty thousand makes a
  // slow statement.
  query.sql =
      "SELECT EventId FROM DeviceSourceRecords WHERE DeviceId = {device:String} AND Timestamp >= "
      "{first:DateTime64(7,'UTC')} AND "
      "Timestamp <= {last:DateTime64(7,'UTC')}";
  query.parameters = {{"device", escape_value(device_id)},
                      {"first", format_ticks_sql(std::clamp(first, kYearOne, kMaxTicks))},
                      {"last", format_ticks_sql(std::clamp(last, kYearOne, kMaxTicks))}};
  event::NativeReader reader([&](event::NativeBlock&& block) -> Result<void> {
    if (!block.columns.empty()) {
      for (const std::int64_t id : block.columns[0].numbers) {
        if (wanted.contains(id) && found.insert(id)) {
          existing.push_back(id);
        }
      }
    }
    return {};
  });
  TRY(client.query(query, [&](std::string_view bytes) { return reader.feed(bytes); }));
  TRY_VOID(reader.finish());
  return existing;
}

}  // namespace spoor::store
