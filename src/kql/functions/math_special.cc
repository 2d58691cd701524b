// Angles, the gamma and error functions, single bits, bin_at.

#include <numbers>

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

Sql real_of(const Value& value) { return cast(value.sql, sql_type(Type::kReal, value.nullable)); }

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
      .emit = [function](const Call& c) -> Result<Value> {
        return cast_value(Type::kReal, one_nan(call(function, {real_of(c[0])})), c[0].nullable);
      }});
}

/// Bins of a size that are aligned to a fixed point.
Result<Value> bin_at(const Call& c) {
  const Value& value = c[0];
  const Value& size = c[1];
  const Value& point = c[2];
  const bool times = value.type == Type::kDateTime;
  if (times != (point.type == Type::kDateTime) ||
      (value.type == Type::kTimespan) != (point.type == Type::kTimespan)) {
    return fail(c.error(2, "the fixed point must have the type of the value"));
  }
  if ((times || value.type == Type::kTimespan) != (size.type == Type::kTimespan)) {
    return fail(c.error(1, times || value.type == Type::kTimespan
                               ? "the size must be a length of time, such as 1h"
                               : "the size must be a number"));
  }
  if (value.type == Type::kReal || size.type == Type::kReal || point.type == Type::kReal) {
    const Sql step =
        call("nullIf", {call("greatest", {real_of(size), keyword("0.")}), keyword("0.")});
    const Sql count = call("floor", {infix("/", infix("-", real_of(value), real_of(point)), step)});
    return cast_value(Type::kReal, infix("+", infix("*", count, step), real_of(point)), true);
  }
  const auto number = [](const Value& each) {
    return cast(each.type == Type::kDateTime ? ticks_of(each.sql) : each.sql,
                each.nullable ? "Nullable(Int64)" : "Int64");
  };
  const Sql step = call("nullIf", {call("greatest", {number(size), int64(0)}), int64(0)});
  const Sql rest = positive_modulo(infix("-", number(value), number(point)), step);
  const Sql start = infix("-", number(value), rest);
  if (times) {
    return cast_value(Type::kDateTime, checked_datetime_of(start), true);
  }
  return cast_value(value.type == Type::kTimespan ? Type::kTimespan : Type::kLong, start, true);
}

/// Density of the beta distribution, by logarithms of the gamma function; NaN where it has none.
Result<Value> beta_density(const Call& c) {
  const Sql x = real_of(c[0]);
  const Sql alpha = real_of(c[1]);
  const Sql beta = real_of(c[2]);
  const auto log_gamma = [](const Sql& value) { return call("lgamma", {value}); };
  const auto powers = [](const Sql& exponent, const Sql& base) {
    return infix("*", infix("-", exponent, keyword("1.")), call("log", {base}));
  };
  const Sql logarithm = infix(
      "-",
      infix("+", std::vector<Sql>{powers(alpha, x), powers(beta, infix("-", keyword("1."), x)),
                                  log_gamma(infix("+", alpha, beta))}),
      infix("+", log_gamma(alpha), log_gamma(beta)));
  const Sql outside = infix(
      "OR", std::vector<Sql>{infix("<", x, keyword("0")), infix(">", x, keyword("1")),
                             infix("<=", alpha, keyword("0")), infix("<=", beta, keyword("0"))});
  return cast_value(Type::kReal, if_(outside, keyword("nan"), call("exp", {logarithm})),
                    c[0].nullable || c[1].nullable || c[2].nullable);
}

}  // namespace

void add_math_special(Registry& registry) {
  add_real(registry, "acos", "acos", "Arc cosine, in radians", "print acos(1)");
  add_real(registry, "asin", "asin", "Arc sine, in radians", "print asin(0)");
  add_real(registry, "atan", "atan", "Arc tangent, in radians", "print atan(0)");
  add_real(registry, "degrees", "degrees", "Degrees of an angle in radians",
           "print round(degrees(pi()))");
  add_real(registry, "radians", "radians", "Radians of an angle in degrees", "print radians(0)");
  add_real(registry, "gamma", "tgamma", "The gamma function", "print gamma(5)");
  add_real(registry, "loggamma", "lgamma", "Natural logarithm of the gamma function",
           "print loggamma(1)");
  add_real(registry, "erf", "erf", "The error function", "print erf(0)");
  add_real(registry, "erfc", "erfc", "1 less the error function", "print erfc(0)");
  registry.add(FunctionSpec{.name = "cot",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"x", kNumbers, "an angle in radians"}},
                            .naming = Naming::kFirst,
                            .doc = "Cotangent of an angle in radians",
                            .example = "print round(cot(0.785398163397448), 6)",
                            .emit = [](const Call& c) -> Result<Value> {
                              return cast_value(
                                  Type::kReal,
                                  one_nan(infix("/", keyword("1."), call("tan", {real_of(c[0])}))),
                                  c[0].nullable);
                            }});
  registry.add(FunctionSpec{
      .name = "atan2",
      .min_args = 2,
      .max_args = 2,
      .args = {{"y", kNumbers, "ordinate"}, {"x", kNumbers, "abscissa"}},
      .naming = Naming::kFirst,
      .doc = "Angle in radians from the positive x axis to a point",
      .example = "print atan2(0, 1)",
      .emit = [](const Call& c) -> Result<Value> {
        return cast_value(Type::kReal, one_nan(call("atan2", {real_of(c[0]), real_of(c[1])})),
                          c[0].nullable || c[1].nullable);
      }});
  registry.add(FunctionSpec{.name = "pi",
                            .doc = "The ratio of a circle's circumference to its diameter",
                            .example = "print round(pi(), 5)",
                            .emit = [](const Call&) -> Result<Value> {
                              return constant_value(Type::kReal, std::numbers::pi);
                            }});
  registry.add(FunctionSpec{.name = "beta_pdf",
                            .min_args = 3,
                            .max_args = 3,
                            .args = {{"x", kNumbers, "0 to 1"},
                                     {"alpha", kNumbers, "above 0"},
                                     {"beta", kNumbers, "above 0"}},
                            .doc = "Density of the beta distribution",
                            .example = "print round(beta_pdf(0.5, 10.0, 20.0), 6)",
                            .emit = beta_density});
  registry.add(FunctionSpec{.name = "binary_not",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"x", one_of(Type::kLong), "a whole number"}},
                            .naming = Naming::kFirst,
                            .doc = "Every bit turned over",
                            .example = "print binary_not(100)",
                            .emit = [](const Call& c) -> Result<Value> {
                              return cast_value(Type::kLong, call("bitNot", {c[0].sql}),
                                                c[0].nullable);
                            }});
  registry.add(FunctionSpec{.name = "bitset_count_ones",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"x", one_of(Type::kLong), "a whole number"}},
                            .doc = "Number of bits that are set",
                            .example = "print bitset_count_ones(42)",
                            .emit = [](const Call& c) -> Result<Value> {
                              return cast_value(Type::kLong, call("bitCount", {c[0].sql}),
                                                c[0].nullable);
                            }});
  constexpr TypeSet kBinned = kNumbers | kDateTimes | kTimespans;
  registry.add(FunctionSpec{
      .name = "bin_at",
      .min_args = 3,
      .max_args = 3,
      .args = {{"value", kBinned, "what to round down"},
               {"size", kNumbers | kTimespans, "width of a bin"},
               {"point", kBinned, "a start of a bin"}},
      .naming = Naming::kFirst,
      .doc =
          "The value rounded down to the start of its bin, where one bin starts at a given point",
      .example = "print bin_at(6.5, 2.5, 7)",
      .emit = bin_at});
  registry.add(FunctionSpec{
      .name = "around",
      .min_args = 3,
      .max_args = 3,
      .args = {{"value", kBinned, "what to test"},
               {"center", kBinned, "middle of the range"},
               {"delta", kNumbers | kTimespans, "half of its width"}},
      .doc = "Whether the value lies no further from a centre than a distance",
      .example = "print around(5, 7, 2)",
      .emit = [](const Call& c) -> Result<Value> {
        const bool times = c[0].type == Type::kDateTime;
        if (times != (c[1].type == Type::kDateTime) ||
            (c[0].type == Type::kTimespan) != (c[1].type == Type::kTimespan) ||
            (times || c[0].type == Type::kTimespan) != (c[2].type == Type::kTimespan)) {
          return fail(
              c.error(1, "value and centre must have one type, and the distance must fit it"));
        }
        const auto number = [](const Value& each) {
          return each.type == Type::kDateTime ? ticks_of(each.sql) : each.sql;
        };
        const Sql inside =
            infix("<=", call("abs", {infix("-", number(c[0]), number(c[1]))}), number(c[2]));
        return cast_value(Type::kBool, inside, c[0].nullable || c[1].nullable || c[2].nullable);
      }});
}

}  // namespace spoor::kql
