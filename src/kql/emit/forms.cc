#include "kql/emit/forms.h"

#include "base/ticks.h"

namespace spoor::kql {

Sql dynamic_is_null(Sql json) { return infix("IN", std::move(json), keyword("('', 'null')")); }

Sql dynamic_text(Sql json) {
  return once(std::move(json), [](const Sql& raw) {
    return call("multiIf",
                {dynamic_is_null(raw), quoted(""), call("startsWith", {raw, quoted("\"")}),
                 call("JSONExtractString", {raw}), raw});
  });
}

Sql json_of_array(Sql elements) {
  return call("concat", {quoted("["), call("arrayStringConcat", {std::move(elements), quoted(",")}),
                         quoted("]")});
}

Sql dynamic_of(const Value& value) {
  if (value.type == Type::kDynamic) {
    return value.as_array ? json_of_array(value.sql) : value.sql;
  }
  const Sql json = json_of(value);
  return json;
}

Sql array_of(const Value& value) {
  if (value.type != Type::kDynamic) {
    return array({json_of(value)});
  }
  return value.as_array ? value.sql : call("JSONExtractArrayRaw", {value.sql});
}

Sql datetime_text(Sql datetime) {
  return call("concat", {call("replaceOne",
                              {call("toString", {std::move(datetime)}), quoted(" "), quoted("T")}),
                         quoted("Z")});
}

Sql timespan_text(Sql ticks) {
  return once(std::move(ticks), [](const Sql& span) {
    return once(call("toInt64", {call("abs", {span})}), [&](const Sql& size) {
      const auto part = [&](std::int64_t unit, std::int64_t modulus) {
        const Sql digits = infix("%", call("intDiv", {size, int64(unit)}), int64(modulus));
        return call("leftPad", {call("toString", {digits}), keyword("2"), quoted("0")});
      };
      const Sql fraction = infix("%", size, int64(kTicksPerSecond));
      return call(
          "concat",
          {if_(infix("<", span, int64(0)), quoted("-"), quoted("")),
           if_(infix(">=", size, day_ticks()),
               call("concat",
                    {call("toString", {call("intDiv", {size, day_ticks()})}), quoted(".")}),
               quoted("")),
           part(kTicksPerHour, 24), quoted(":"), part(kTicksPerMinute, 60), quoted(":"),
           part(kTicksPerSecond, 60),
           if_(equals(fraction, int64(0)), quoted(""),
               call("concat", {quoted("."), call("leftPad", {call("toString", {fraction}),
                                                             keyword("7"), quoted("0")})}))});
    });
  });
}

Sql text_of(const Value& value) {
  const auto or_empty = [&](Sql text) {
    return value.nullable ? if_null(std::move(text), quoted("")) : std::move(text);
  };
  switch (value.type) {
    case Type::kString:
      return value.sql;
    case Type::kGuid:
      return or_empty(value.sql);
    case Type::kDynamic:
      return value.as_array ? json_of_array(value.sql) : dynamic_text(value.sql);
    case Type::kBool:
      if (value.nullable) {
        return once(value.sql, [](const Sql& flag) {
          return call("multiIf",
                      {is_null(flag), quoted(""), flag, quoted("true"), quoted("false")});
        });
      }
      return if_(value.sql, quoted("true"), quoted("false"));
    case Type::kDateTime:
      return or_empty(datetime_text(value.sql));
    case Type::kTimespan:
      return or_empty(timespan_text(value.sql));
    case Type::kDecimal:
      return or_empty(call("toString", {value.sql}));
    case Type::kReal: {
      // .NET writes NaN where the engine writes nan.
      return once(value.sql, [&](const Sql& real) {
        return or_empty(if_(call("isNaN", {real}), quoted("NaN"), call("toString", {real})));
      });
    }
    case Type::kInt:
    case Type::kLong:
      return or_empty(call("toString", {value.sql}));
  }
  return value.sql;
}

Sql json_of(const Value& value) {
  const auto or_null = [&](Sql text) {
    return value.nullable ? if_null(std::move(text), quoted("null")) : std::move(text);
  };
  switch (value.type) {
    case Type::kString:
      return call("toJSONString", {value.sql});
    case Type::kDynamic:
      if (value.as_array) {
        return json_of_array(value.sql);
      }
      return once(value.sql, [](const Sql& json) {
        return if_(equals(json, quoted("")), quoted("null"), json);
      });
    case Type::kDateTime:
      return or_null(call("concat", {quoted("\""), datetime_text(value.sql), quoted("\"")}));
    case Type::kTimespan:
      return or_null(call("concat", {quoted("\""), timespan_text(value.sql), quoted("\"")}));
    case Type::kGuid:
      return or_null(call("concat", {quoted("\""), value.sql, quoted("\"")}));
    case Type::kBool: {
      return value.nullable ? once(value.sql,
                                   [](const Sql& flag) {
                                     return call("multiIf", {is_null(flag), quoted("null"), flag,
                                                             quoted("true"), quoted("false")});
                                   })
                            : text_of(value);
    }
    case Type::kDecimal:
      return or_null(call("toString", {value.sql}));
    case Type::kReal:
    case Type::kInt:
    case Type::kLong:
      return or_null(call("toJSONString", {value.sql}));
  }
  return value.sql;
}

Sql ticks_of(Sql datetime) { return call("reinterpretAsInt64", {std::move(datetime)}); }

Sql datetime_of(Sql ticks) {
  return call("reinterpret", {std::move(ticks), quoted("DateTime64(7,'UTC')")});
}

Sql checked_datetime_of(Sql ticks) {
  return once(std::move(ticks), [](const Sql& value) {
    return if_(
        infix("AND", infix(">=", value, int64(kYearOne)), infix("<=", value, int64(kMaxTicks))),
        datetime_of(value), null());
  });
}

Sql positive_modulo(Sql value, Sql divisor) {
  return call("positiveModulo", {std::move(value), std::move(divisor)});
}

Sql year_one_ticks() { return int64(-kYearOne); }
Sql day_ticks() { return int64(kTicksPerDay); }

Sql one_nan(Sql real) {
  return once(std::move(real),
              [](const Sql& value) { return if_(call("isNaN", {value}), keyword("nan"), value); });
}

}  // namespace spoor::kql
