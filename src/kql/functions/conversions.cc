// tostring, toint, tolong, toreal, tobool, todatetime, totimespan, toguid, gettype.

#include "kql/functions/conversions.h"

#include "base/ticks.h"
#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

/// The text of a string or dynamic argument, without blanks at its ends.
Sql trimmed(const Value& value) { return call("trimBoth", {text_of(value)}); }

/// Int64 of a decimal or 0x… text; NULL for anything else.
Sql integer_of_text(Sql text) {
  return once(std::move(text), [](const Sql& value) {
    const Sql digits =
        call("leftPad", {call("substring", {value, keyword("3")}), keyword("16"), quoted("0")});
    const Sql hex = call("reinterpretAsInt64", {call("reverse", {call("unhex", {digits})})});
    return if_(call("match", {value, quoted("^0[xX][0-9a-fA-F]{1,16}$")}),
               call("toNullable", {hex}), call("toInt64OrNull", {value}));
  });
}

Sql integer_of_real(Sql real) {
  return once(std::move(real), [](const Sql& value) {
    return if_(call("isNaN", {value}), null(),
               call("accurateCastOrNull", {call("trunc", {value}), quoted("Int64")}));
  });
}

Result<Value> to_integer(const Call& call_, Type type) {
  const Value& value = call_[0];
  Sql number;
  switch (value.type) {
    case Type::kString:
    case Type::kDynamic:
      number = integer_of_text(trimmed(value));
      break;
    case Type::kReal:
      number = integer_of_real(value.sql);
      break;
    case Type::kDateTime:
      number = infix("+", ticks_of(value.sql), year_one_ticks());
      break;
    case Type::kGuid:
    case Type::kDecimal:
      return fail(call_.error(0, "a guid or decimal has no whole number"));
    default:
      number = value.sql;
      break;
  }
  if (type == Type::kInt) {
    number = call("accurateCastOrNull", {std::move(number), quoted("Int32")});
  }
  const bool exact =
      type == Type::kLong && (is_integer(value.type) || value.type == Type::kBool ||
                              value.type == Type::kTimespan || value.type == Type::kDateTime);
  return cast_value(type, std::move(number), exact ? value.nullable : true);
}

Result<Value> to_real(const Call& call_) {
  const Value& value = call_[0];
  switch (value.type) {
    case Type::kString:
    case Type::kDynamic:
      return cast_value(Type::kReal, call("toFloat64OrNull", {trimmed(value)}), true);
    case Type::kDateTime:
    case Type::kGuid:
      return fail(call_.error(0, "this type has no real number; take the difference of two times"));
    default:
      return cast_value(Type::kReal, value.sql, value.nullable);
  }
}

Result<Value> to_bool(const Call& call_) {
  const Value& value = call_[0];
  if (value.type == Type::kBool) {
    return value;
  }
  if (value.type == Type::kString || value.type == Type::kDynamic) {
    const Sql flag = once(call("lower", {trimmed(value)}), [](const Sql& text) {
      return call("multiIf",
                  {infix("IN", text, keyword("('true', '1')")), call("toNullable", {boolean(true)}),
                   infix("IN", text, keyword("('false', '0')")),
                   call("toNullable", {boolean(false)}), null()});
    });
    return cast_value(Type::kBool, flag, true);
  }
  if (is_number(value.type)) {
    return cast_value(Type::kBool, infix("!=", value.sql, keyword("0")), value.nullable);
  }
  return fail(call_.error(0, "this type has no truth value"));
}

constexpr std::string_view kIsoTime =
    R"(^\d{4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])(?:[T ](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)?\s*(?:Z|GMT|UTC|[+-]\d{2}:?\d{2})?$)";
constexpr std::string_view kAmericanTime =
    R"(^(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/\d{4}(?: (?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?)?$)";

/// The guards keep the engine from guessing: it reads "10:00" as today and "2014" as a date.
Sql time_of_text(Sql text) {
  return once(std::move(text), [](const Sql& value) {
    return call(
        "multiIf",
        {call("match", {value, quoted(kIsoTime)}),
         call("parseDateTime64BestEffortOrNull", {value, keyword("7"), quoted("UTC")}),
         call("match", {value, quoted(kAmericanTime)}),
         call("parseDateTime64BestEffortUSOrNull", {value, keyword("7"), quoted("UTC")}), null()});
  });
}

Result<Value> to_datetime(const Call& call_) {
  const Value& value = call_[0];
  switch (value.type) {
    case Type::kDateTime:
      return value;
    case Type::kString:
    case Type::kDynamic:
      if (const std::string* text = value.text(); text != nullptr && value.type == Type::kString) {
        if (const auto ticks = parse_iso_ticks(*text)) {
          return constant_value(Type::kDateTime, *ticks);
        }
      }
      return cast_value(Type::kDateTime, time_of_text(trimmed(value)), true);
    case Type::kInt:
    case Type::kLong:
      return cast_value(
          Type::kDateTime,
          checked_datetime_of(infix("-", cast(value.sql, "Nullable(Int64)"), year_one_ticks())),
          true);
    default:
      return fail(call_.error(0, "this type holds no time"));
  }
}

/// [-][d.]hh:mm[:ss[.fffffff]] to ticks, NULL otherwise.
Sql span_of_text(Sql text) {
  constexpr std::string_view kSpan =
      R"(^(-?)(?:(\d{1,8})\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?$)";
  return once(call("extractGroups", {std::move(text), quoted(kSpan)}), [](const Sql& groups) {
    const auto part = [&](int index, std::int64_t unit) {
      return infix("*", call("toInt64OrZero", {element(groups, keyword(std::to_string(index)))}),
                   int64(unit));
    };
    const Sql fraction =
        call("toInt64OrZero",
             {call("rightPad", {element(groups, keyword("6")), keyword("7"), quoted("0")})});
    const Sql size = infix("+", {part(2, kTicksPerDay), part(3, kTicksPerHour),
                                 part(4, kTicksPerMinute), part(5, kTicksPerSecond), fraction});
    return if_(call("empty", {groups}), null(),
               if_(equals(element(groups, keyword("1")), quoted("-")), prefix("-", size), size));
  });
}

Result<Value> to_timespan(const Call& call_) {
  const Value& value = call_[0];
  switch (value.type) {
    case Type::kTimespan:
      return value;
    case Type::kString:
    case Type::kDynamic:
      return cast_value(Type::kTimespan, span_of_text(trimmed(value)), true);
    case Type::kInt:
    case Type::kLong:
      return cast_value(Type::kTimespan, value.sql, value.nullable);
    default:
      return fail(call_.error(0, "this type holds no length of time"));
  }
}

Result<Value> type_of(const Call& call_) {
  const Value& value = call_[0];
  if (value.type != Type::kDynamic) {
    return constant_value(Type::kString, std::string(schema::type_name(value.type)));
  }
  return string_value(once(dynamic_of(value), [](const Sql& json) {
    return call("multiIf",
                {dynamic_is_null(json), quoted("null"),
                 call("transform",
                      {call("toString", {call("JSONType", {json})}),
                       keyword("['Array','Object','Int64','UInt64','Double','Bool','String']"),
                       keyword("['array','dictionary','long','long','double','bool','string']"),
                       quoted("null")})});
  }));
}

void add_conversion(Registry& registry, std::string_view name,
                    std::vector<std::string_view> aliases, std::string_view doc,
                    std::string_view example, std::function<Result<Value>(const Call&)> emit) {
  registry.add(FunctionSpec{.name = name,
                            .aliases = std::move(aliases),
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"value", kAnyType, "the value to convert"}},
                            .naming = Naming::kFirst,
                            .doc = doc,
                            .example = example,
                            .emit = std::move(emit)});
}

}  // namespace

Result<Value> convert_to(const Call& outer, const Value& value, Type type) {
  std::string_view function;
  switch (type) {
    case Type::kString:
      return string_value(text_of(value));
    case Type::kBool:
      function = "tobool";
      break;
    case Type::kInt:
      function = "toint";
      break;
    case Type::kLong:
      function = "tolong";
      break;
    case Type::kReal:
    case Type::kDecimal:
      function = "todouble";
      break;
    case Type::kDateTime:
      function = "todatetime";
      break;
    case Type::kTimespan:
      function = "totimespan";
      break;
    case Type::kGuid:
      function = "toguid";
      break;
    case Type::kDynamic:
      function = "parse_json";
      break;
  }
  std::vector<Value> arguments = {value};
  const std::vector<Span> spans = {outer.span};
  const std::vector<std::string_view> labels = {""};
  Call inner = outer;
  inner.name = function;
  inner.args = arguments;
  inner.spans = spans;
  inner.labels = labels;
  return registry().function(function)->emit(inner);
}

void add_conversions(Registry& registry) {
  add_conversion(registry, "tostring", {}, "The value as text; null becomes an empty text",
                 "print tostring(5)", [](const Call& call_) -> Result<Value> {
                   return string_value(text_of(call_[0]));
                 });
  add_conversion(registry, "toint", {}, "The value as a 32-bit whole number, null where it is none",
                 "print toint('12')",
                 [](const Call& call_) { return to_integer(call_, Type::kInt); });
  add_conversion(
      registry, "tolong", {}, "The value as a 64-bit whole number, null where it is none",
      "print tolong('0x1F')", [](const Call& call_) { return to_integer(call_, Type::kLong); });
  add_conversion(registry, "todouble", {"toreal"},
                 "The value as a real number, null where it is none", "print todouble('1.5')",
                 to_real);
  add_conversion(registry, "tobool", {"toboolean"},
                 "The value as true or false, null where it is neither", "print tobool('TRUE')",
                 to_bool);
  add_conversion(registry, "todatetime", {}, "The value as a time (UTC), null where it is none",
                 "print todatetime('2017-01-01 13:00')", to_datetime);
  add_conversion(registry, "totimespan", {}, "The value as a length of time, null where it is none",
                 "print totimespan('1.02:03:04')", to_timespan);
  add_conversion(registry, "toguid", {}, "The value as a guid, null where it is none",
                 "print toguid('70fc66f7-8279-44fc-9092-d364d70fce44')",
                 [](const Call& call_) -> Result<Value> {
                   const Sql uuid = call("toUUIDOrNull", {trimmed(call_[0])});
                   return cast_value(Type::kGuid, call("toString", {uuid}), true);
                 });
  registry.add(FunctionSpec{.name = "gettype",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"value", kAnyType, "any value"}},
                            .naming = Naming::kPrefixed,
                            .prefix = "type_",
                            .doc = "Name of the type that the value has",
                            .example = "print gettype(dynamic([1]))",
                            .emit = type_of});
}

}  // namespace spoor::kql
