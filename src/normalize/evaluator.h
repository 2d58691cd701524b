#pragma once
// Runs the expressions of a mapping over a record. One thread owns it.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "event/record.h"
#include "normalize/cell.h"
#include "normalize/plan.h"

namespace spoor::normalize {

class Evaluator {
 public:
  /// Mapping of a record, null where there is none.
  static const Mapping* find_mapping(const event::Record& record);

  /// Makes `record` the one that is read. Cells of the record before become invalid.
  void bind(const event::Record& record, const Mapping& mapping);
  /// What Place::kWhole reads until the next bind; the text must live as long.
  void set_whole(std::string_view text) { whole_ = text; }
  /// The plan whose conditions hold, null where none does.
  const Plan* choose_plan();
  /// Value of an expression of the bound mapping; kNone is absent. Valid until the next bind.
  Cell evaluate(std::uint16_t expression);
  /// The same as text.
  std::string_view text(std::uint16_t expression);
  TextArena& arena() { return arena_; }

 private:
  /// For each source of the mapping, its index in the record's data, -1 where the record has none.
  using Slots = std::vector<std::int16_t>;
  static void find_slots(Slots& slots, const event::Record& record, const Mapping& mapping);

  Cell field(const Expression& expression);
  bool join(std::string& out, const Expression& expression, bool all);
  Cell object(const Expression& expression);
  /// kNull where the record does not have it.
  [[nodiscard]] event::Value value_at(std::uint8_t field);
  bool holds(const Condition& condition);

  TextArena arena_;
  const event::Record* record_ = nullptr;
  const Mapping* mapping_ = nullptr;
  const Slots* slots_ = nullptr;
  std::string_view whole_;
  Slots unshared_slots_;
  std::unordered_map<std::uint64_t, Slots> slots_by_shape_;
  std::string scratch_;
};

}  // namespace spoor::normalize
