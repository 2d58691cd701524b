#pragma once
// Pieces that many answers have. Internal to the module.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ticks.h"
#include "json/writer.h"

namespace spoor::api {

inline void write_time(json::Writer& writer, std::string_view name, Ticks time) {
  writer.key(name).string(format_ticks(time));
}

/// null where it is not known: nothing, or 0 of sources that say so.
inline void write_time_or_null(json::Writer& writer, std::string_view name,
                               std::optional<Ticks> time) {
  writer.key(name);
  if (time && *time != 0) {
    writer.string(format_ticks(*time));
  } else {
    writer.null();
  }
}

inline void write_texts(json::Writer& writer, std::string_view name,
                        const std::vector<std::string>& texts) {
  writer.key(name).begin_array();
  for (const std::string& text : texts) {
    writer.string(text);
  }
  writer.end_array();
}

/// A 64-bit number as text.
inline void write_key(json::Writer& writer, std::string_view name, std::int64_t key) {
  writer.key(name).string(std::to_string(key));
}

inline void write_count_or_null(json::Writer& writer, std::string_view name,
                                std::optional<std::int64_t> count) {
  writer.key(name);
  if (count) {
    writer.number(*count);
  } else {
    writer.null();
  }
}

/// {"items":[…],"next":…}: `write_item(writer, item)` writes each; an empty `next` is null.
template <class Items, class WriteItem>
std::string list_body(const Items& items, std::string_view next, WriteItem&& write_item) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("items").begin_array();
  for (const auto& item : items) {
    write_item(writer, item);
  }
  writer.end_array().key("next");
  if (next.empty()) {
    writer.null();
  } else {
    writer.string(next);
  }
  writer.end_object();
  return out;
}

}  // namespace spoor::api
