#pragma once
// What a text gives, for the tests of this module.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "event/event_id.h"
#include "event/record.h"
#include "ingest/winlog/winlog.h"

namespace spoor::winlog::testing {

struct Told {
  std::vector<std::string> records;  ///< as NDJSON
  std::vector<std::string> data;     ///< their data alone
  std::vector<std::int64_t> ids;
  std::vector<std::string> problems;
};

inline Told told_by(std::string_view text, std::size_t step = 1u << 20, TextLimits limits = {}) {
  Told told;
  const auto reader = make_text_reader(
      "in",
      [&](const event::Record& record) {
        event::append_record_json(told.records.emplace_back(), record);
        event::append_data_json(told.data.emplace_back(), record.data);
        told.ids.push_back(event::event_id(record, "device"));
      },
      [&](const Error& error) { told.problems.push_back(error.to_string()); }, limits);
  for (; !text.empty(); text.remove_prefix(std::min(step, text.size()))) {
    reader->feed(text.substr(0, step));
  }
  reader->finish();
  return told;
}

}  // namespace spoor::winlog::testing
