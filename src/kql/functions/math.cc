// bin, round, abs, sqrt and relatives; min_of, max_of; binary_*.

#include <optional>

#include "base/ticks.h"
#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

Result<Value> bin_of(const Call& call_) {
  const Value& value = call_[0];
  const Value size = call_.size() > 1 ? call_[1] : constant_value(Type::kLong, std::int64_t{1});
  const auto whole = [&](const Sql& amount) {
    // A bin of 0 or less has no bins: the modulo of NULL is NULL.
    return size.number() && *size.number() > 0
               ? size.sql
               : call("nullIf", {call("greatest", {amount, int64(0)}), int64(0)});
  };
  const bool nullable = value.nullable || size.nullable || !size.number() || *size.number() <= 0;
  switch (value.type) {
    case Type::kDateTime: {
      if (size.type != Type::kTimespan) {
        return fail(call_.error(1, "a time is put into bins of a length of time, such as 1h"));
      }
      const Sql ticks = ticks_of(value.sql);
      const Sql rest = positive_modulo(infix("+", ticks, year_one_ticks()), whole(size.sql));
      Value result = cast_value(
          Type::kDateTime,
          datetime_of(cast(infix("-", ticks, rest), nullable ? "Nullable(Int64)" : "Int64")),
          nullable);
      return result;
    }
    case Type::kTimespan:
    case Type::kInt:
    case Type::kLong:
      if (size.type == Type::kReal) {
        break;
      }
      return cast_value(
          value.type == Type::kTimespan ? Type::kTimespan : Type::kLong,
          infix(
              "-", cast(value.sql, value.nullable ? "Nullable(Int64)" : "Int64"),
              positive_modulo(cast(value.sql, value.nullable ? "Nullable(Int64)" : "Int64"),
                              whole(cast(size.sql, size.nullable ? "Nullable(Int64)" : "Int64")))),
          nullable);
    case Type::kReal:
      break;
    default:
      return fail(call_.error(0, "bin() takes a number, a time or a length of time"));
  }
  const Sql real = cast(value.sql, sql_type(Type::kReal, value.nullable));
  const Sql step = cast(size.sql, sql_type(Type::kReal, size.nullable));
  return cast_value(Type::kReal, infix("*", call("floor", {infix("/", real, step)}), step),
                    nullable);
}

/// Half goes away from zero; the engine would go to the even neighbour.
Result<Value> round_of(const Call& call_) {
  const Value& value = call_[0];
  const Sql power = call_.size() > 1 ? call("pow", {keyword("10"), call_[1].sql}) : keyword("1");
  const Sql rounded =
      once(cast(value.sql, sql_type(Type::kReal, value.nullable)), [&](const Sql& real) {
        const Sql size = infix(
            "/",
            call("floor", {infix("+", infix("*", call("abs", {real}), power), keyword("0.5"))}),
            power);
        return if_(infix("<", real, keyword("0")), prefix("-", size), size);
      });
  return cast_value(is_integer(value.type) ? Type::kLong : Type::kReal, rounded, true);
}

Result<Value> abs_of(const Call& call_) {
  const Value& value = call_[0];
  const Type type = value.type == Type::kInt ? Type::kLong : value.type;
  return cast_value(type, call("abs", {value.sql}), value.nullable);
}

std::function<Result<Value>(const Call&)> extreme(std::string_view function) {
  return [function](const Call& call_) -> Result<Value> {
    std::optional<Type> type;
    for (std::size_t at = 0; at < call_.size(); ++at) {
      if (call_[at].is_null_constant()) {
        continue;
      }
      type = type ? common_type(*type, call_[at].type) : call_[at].type;
      if (!type) {
        return fail(call_.error(at, "all values must be of one type"));
      }
    }
    const Type common = type.value_or(Type::kLong);
    std::vector<Sql> values;
    bool nullable = true;
    for (const Value& value : call_.args) {
      const Value wide = *widen(value, common);
      nullable = nullable && wide.nullable;
      values.push_back(cast(wide.sql, sql_type(common, wide.nullable)));
    }
    return cast_value(common, call(function, std::move(values)), nullable);
  };
}

void add_real(Registry& registry, std::string_view name, std::string_view function,
              std::string_view doc, std::string_view example) {
  registry.add(FunctionSpec{
      .name = name,
      .min_args = 1,
      .max_args = 1,
      .args = {{"x", kNumbers, "a number"}},
      .naming = Naming::kFirst,
      .doc = doc,
      .example = example,
      .emit = [function](const Call& call_) -> Result<Value> {
        return cast_value(Type::kReal, one_nan(call(function, {call_[0].sql})), call_[0].nullable);
      }});
}

void add_bits(Registry& registry, std::string_view name, std::string_view function,
              std::string_view doc, std::string_view example) {
  registry.add(FunctionSpec{.name = name,
                            .min_args = 2,
                            .max_args = 2,
                            .args = {{"x", one_of(Type::kLong), "a whole number"},
                                     {"y", one_of(Type::kLong), "a whole number"}},
                            .naming = Naming::kFirst,
                            .doc = doc,
                            .example = example,
                            .emit = [function](const Call& call_) -> Result<Value> {
                              return cast_value(Type::kLong,
                                                call(function, {call_[0].sql, call_[1].sql}),
                                                call_[0].nullable || call_[1].nullable);
                            }});
}

}  // namespace

void add_math(Registry& registry) {
  registry.add(
      FunctionSpec{.name = "bin",
                   .aliases = {"floor"},
                   .min_args = 1,
                   .max_args = 2,
                   .args = {{"value", kNumbers | kDateTimes | kTimespans, "what to round down"},
                            {"size", kNumbers | kTimespans, "width of a bin"}},
                   .naming = Naming::kFirst,
                   .doc = "The value rounded down to a multiple of the size",
                   .example = "print bin(7, 5)",
                   .emit = bin_of});
  registry.add(
      FunctionSpec{.name = "round",
                   .min_args = 1,
                   .max_args = 2,
                   .args = {{"x", kNumbers, "a number"},
                            {"precision", one_of(Type::kLong), "digits after the point"}},
                   .naming = Naming::kFirst,
                   .doc = "The nearest number with so many digits; half goes away from zero",
                   .example = "print round(2.15, 1)",
                   .emit = round_of});
  registry.add(FunctionSpec{.name = "abs",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"x", kNumbers | kTimespans, "a number or length of time"}},
                            .naming = Naming::kFirst,
                            .doc = "The value without its sign",
                            .example = "print abs(-5)",
                            .emit = abs_of});
  registry.add(FunctionSpec{.name = "ceiling",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"x", kNumbers, "a number"}},
                            .naming = Naming::kFirst,
                            .doc = "The smallest whole number that is not less",
                            .example = "print ceiling(1.2)",
                            .emit = [](const Call& call_) -> Result<Value> {
                              if (is_integer(call_[0].type)) {
                                return cast_value(Type::kLong, call_[0].sql, call_[0].nullable);
                              }
                              return cast_value(Type::kReal, call("ceil", {call_[0].sql}),
                                                call_[0].nullable);
                            }});
  registry.add(FunctionSpec{.name = "sign",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"x", kNumbers, "a number"}},
                            .doc = "-1, 0 or 1 by the sign",
                            .example = "print sign(-3)",
                            .emit = [](const Call& call_) -> Result<Value> {
                              return cast_value(Type::kReal, call("sign", {call_[0].sql}),
                                                call_[0].nullable);
                            }});
  registry.add(FunctionSpec{
      .name = "pow",
      .min_args = 2,
      .max_args = 2,
      .args = {{"base", kNumbers, "a number"}, {"exponent", kNumbers, "a number"}},
      .naming = Naming::kFirst,
      .doc = "The base to the power of the exponent",
      .example = "print pow(2, 10)",
      .emit = [](const Call& call_) -> Result<Value> {
        return cast_value(Type::kReal, one_nan(call("pow", {call_[0].sql, call_[1].sql})),
                          call_[0].nullable || call_[1].nullable);
      }});
  add_real(registry, "sqrt", "sqrt", "Square root", "print sqrt(16)");
  add_real(registry, "exp", "exp", "e to the power of the number", "print exp(0)");
  add_real(registry, "exp2", "exp2", "2 to the power of the number", "print exp2(3)");
  add_real(registry, "exp10", "exp10", "10 to the power of the number", "print exp10(2)");
  add_real(registry, "log", "log", "Natural logarithm", "print log(1)");
  add_real(registry, "log2", "log2", "Logarithm to base 2", "print log2(8)");
  add_real(registry, "log10", "log10", "Logarithm to base 10", "print log10(1000)");
  add_real(registry, "sin", "sin", "Sine of an angle in radians", "print sin(0)");
  add_real(registry, "cos", "cos", "Cosine of an angle in radians", "print cos(0)");
  add_real(registry, "tan", "tan", "Tangent of an angle in radians", "print tan(0)");
  for (const auto& [name, function, doc, example] :
       {std::tuple{"max_of", "greatest", "The largest of the values; nulls are passed over",
                   "print max_of(10, 1, 17)"},
        std::tuple{"min_of", "least", "The smallest of the values; nulls are passed over",
                   "print min_of(10, 1, 17)"}}) {
    registry.add(FunctionSpec{
        .name = name,
        .min_args = 1,
        .max_args = 64,
        .args = {{"value", kNumbers | kDateTimes | kTimespans | kStrings, "values of one type"}},
        .doc = doc,
        .example = example,
        .emit = extreme(function)});
  }
  add_bits(registry, "binary_and", "bitAnd", "Bits set in both", "print binary_and(12, 10)");
  add_bits(registry, "binary_or", "bitOr", "Bits set in either", "print binary_or(12, 10)");
  add_bits(registry, "binary_xor", "bitXor", "Bits set in one", "print binary_xor(12, 10)");
  add_bits(registry, "binary_shift_left", "bitShiftLeft", "Bits moved up",
           "print binary_shift_left(1, 4)");
  add_bits(registry, "binary_shift_right", "bitShiftRight", "Bits moved down",
           "print binary_shift_right(16, 4)");
  registry.add(FunctionSpec{
      .name = "rand",
      .max_args = 1,
      .args = {{"n", one_of(Type::kLong), "a whole number below it, else a real below 1"}},
      .doc = "A random number",
      .example = "print rand() < 1",
      .emit = [](const Call& call_) -> Result<Value> {
        // Calls with equal arguments are one call for the engine: the place makes them differ.
        const Sql unit = call("randCanonical", {int64(call_.span.begin)});
        return call_.size() == 0
                   ? cast_value(Type::kReal, unit, false)
                   : cast_value(Type::kReal, call("floor", {infix("*", unit, call_[0].sql)}), true);
      }});
}

}  // namespace spoor::kql
