#pragma once
// Small pieces that the services' plans are made of: names for bound values, conditions on devices,
// reading of rows. Internal to the module.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ticks.h"
#include "kql/exec/executor.h"
#include "kql/kql.h"

namespace spoor::investigate {

/// Gives values names; the text of a query holds the names alone.
class Arguments {
 public:
  explicit Arguments(std::string_view prefix = "v") : prefix_(prefix) {}

  std::string text(std::string value) { return add(kql::Type::kString, std::move(value)); }
  std::string number(std::int64_t value) { return add(kql::Type::kLong, value); }
  std::string real(double value) { return add(kql::Type::kReal, value); }
  std::string time(Ticks value) { return add(kql::Type::kDateTime, value); }
  std::string span(TickSpan value) { return add(kql::Type::kTimespan, value); }
  std::string boolean(bool value) { return add(kql::Type::kBool, value); }
  std::string json(std::string value) { return add(kql::Type::kDynamic, std::move(value)); }
  std::string texts(std::span<const std::string> values);
  std::string numbers(std::span<const std::int64_t> values);
  std::string times(std::span<const Ticks> values);

  void append(std::vector<kql::NamedArgument> more);
  [[nodiscard]] std::vector<kql::NamedArgument> take() { return std::move(arguments_); }

 private:
  std::string add(kql::Type type, kql::Constant value);

  std::string prefix_;
  std::vector<kql::NamedArgument> arguments_;
};

/// "DeviceId == v_1", or "DeviceId in (v_1)" for several.
std::string device_condition(std::span<const std::string> device_ids, Arguments& arguments);
/// "Timestamp >= v_1 and Timestamp <= v_2"; "true" where both ends are open.
std::string time_condition(Ticks from, Ticks to, Arguments& arguments);

/// Cells of a row; what is null gives the other value.
std::string text_of(const kql::Constant& cell);
std::int64_t number_of(const kql::Constant& cell, std::int64_t otherwise = 0);
/// Elements of a cell that holds a JSON array.
std::vector<std::string> texts_of(const kql::Constant& cell);
std::vector<std::int64_t> numbers_of(const kql::Constant& cell);

}  // namespace spoor::investigate
