#pragma once
// A value on its way from a record's field to a column.

#include <cstdint>
#include <memory_resource>
#include <string_view>

#include "event/record.h"
#include "normalize/plan.h"

namespace spoor::normalize {

struct Cell {
  enum class Kind : std::uint8_t { kAbsent = 0, kText, kNumber, kBool, kTime };
  Kind kind = Kind::kAbsent;
  std::string_view text;
  std::int64_t number = 0;

  [[nodiscard]] bool is_absent() const { return kind == Kind::kAbsent; }
  static Cell of_text(std::string_view text) {
    return text.empty() ? Cell{} : Cell{Kind::kText, text, 0};
  }
  static Cell of_number(std::int64_t number, Kind kind = Kind::kNumber) {
    return Cell{kind, {}, number};
  }
};

/// Memory of the texts made for one event; freed as a whole when the next begins.
class TextArena {
 public:
  std::string_view keep(std::string_view text);
  void clear() { resource_.release(); }

 private:
  alignas(16) char first_[16384];
  std::pmr::monotonic_buffer_resource resource_{first_, sizeof first_};
};

/// A source's value as text; views of the record where it is text already.
std::string_view text_of(const event::Value& value, TextArena& arena);
/// The value after a transform; absent where it has no meaning under it.
Cell apply(Transform transform, const event::Value& value, TextArena& arena);
/// Appends the cell's text: decimal, "true"/"false", ISO time.
void append_cell_text(std::string& out, const Cell& cell);

}  // namespace spoor::normalize
