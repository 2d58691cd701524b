#pragma once
// What reading some bytes gave, kept beyond the callbacks: for tests.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ingest/evtx/reader.h"
#include "ingest/evtx/writer.h"

namespace spoor::evtx {

struct Collected {
  struct Item {
    event::Record record;  ///< numbers only: its views are gone
    std::string provider, channel, computer, user_sid, activity_id;
    std::vector<std::pair<std::string, std::string>> data;  ///< name, text
    std::vector<event::ValueKind> kinds;

    /// Text of the first field of that name; "<none>" where there is none.
    [[nodiscard]] std::string text(std::string_view name) const {
      for (const auto& [known, text] : data) {
        if (known == name) {
          return text;
        }
      }
      return "<none>";
    }
  };
  std::vector<Item> items;
  std::vector<Problem> problems;
  ReadStats stats;
};

/// A log of these events, which must fit.
inline std::string written(const std::vector<WriteEvent>& events) {
  Writer writer;
  for (const WriteEvent& event : events) {
    writer.add(event).value();
  }
  return writer.finish();
}

inline Collected collect(std::string_view bytes) {
  Collected all;
  all.stats = read(
      Source::from_bytes("log.evtx", bytes),
      [&](const event::Record& record) {
        Collected::Item item{record,
                             std::string(record.provider),
                             std::string(record.channel),
                             std::string(record.computer),
                             std::string(record.user_sid),
                             std::string(record.activity_id),
                             {},
                             {}};
        for (const event::Field& field : record.data) {
          std::string text;
          event::append_text(text, field.value);
          item.data.emplace_back(field.name, std::move(text));
          item.kinds.push_back(field.value.kind);
        }
        all.items.push_back(std::move(item));
      },
      [&](const Problem& problem) { all.problems.push_back(problem); });
  return all;
}

}  // namespace spoor::evtx
