#pragma once
// Identity of a source record: the same record gets the same id however often and by whatever way
// it arrives.

#include <cstdint>
#include <string_view>

#include "event/record.h"

namespace spoor::event {

/// Never 0. Where the source numbers its records (and the record was not carved out of slack, where
/// numbers repeat): made of device, channel (ignoring case), record number and time to the second.
/// Else of device, kind of source, time and payload. `data_json` is append_data_json of the record
/// where the caller has it; it is made here when needed and empty.
std::int64_t event_id(const Record& record, std::string_view device_id,
                      std::string_view data_json = {});

}  // namespace spoor::event
