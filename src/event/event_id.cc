#include "event/event_id.h"

#include <string>

#include "base/hash.h"
#include "base/text.h"

namespace spoor::event {

std::int64_t event_id(const Record& record, std::string_view device_id,
                      std::string_view data_json) {
  std::uint64_t hash = hash64(device_id);
  if (record.record_id != 0 && !record.carved) {
    char lower[128];
    if (record.channel.size() <= sizeof lower) {
      for (std::size_t at = 0; at < record.channel.size(); ++at) {
        lower[at] = ascii_lower(record.channel[at]);
      }
      hash = hash64({lower, record.channel.size()}, hash);
    } else {
      hash = hash64(to_ascii_lower(record.channel), hash);
    }
    hash = hash_combine(hash, record.record_id);
    // To the second: forms that a log is handed over in cut its times after three or six digits, or
    // none, and a number does not come twice in a second.
    hash = hash_combine(hash, static_cast<std::uint64_t>(record.time / kTicksPerSecond));
    return id_from_hash(hash);
  }
  hash = hash64(record.source_kind, hash);
  hash = hash_combine(hash, static_cast<std::uint64_t>(record.time));
  if (data_json.empty()) {
    std::string payload;
    append_data_json(payload, record.data);
    return id_from_hash(hash64(payload, hash));
  }
  return id_from_hash(hash64(data_json, hash));
}

}  // namespace spoor::event
