// set_equals, jaccard_index, bag_set_key, array_strcat, parse_version, format_bytes.

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

Sql distinct(const Value& value) {
  return call("arraySort", {call("arrayDistinct", {array_of(value)})});
}

Result<Value> jaccard(const Call& c) {
  return cast_value(
      Type::kReal,
      once(tuple({distinct(c[0]), distinct(c[1])}),
           [](const Sql& both) {
             const Sql common =
                 call("length", {call("arrayIntersect", {member(both, 1), member(both, 2)})});
             const Sql all =
                 call("length", {call("arrayDistinct",
                                      {call("arrayConcat", {member(both, 1), member(both, 2)})})});
             return one_nan(infix("/", common, all));
           }),
      false);
}

/// The key takes the place that it has, or the last.
Result<Value> set_key(const Call& c) {
  return dynamic_value(once(dynamic_of(c[0]), [&](const Sql& json) {
    const Sql pairs = call("JSONExtractKeysAndValuesRaw", {json});
    const Sql value = json_of(c[2]);
    const auto entry = [](const Sql& name, const Sql& text) {
      return call("concat", {call("toJSONString", {name}), quoted(":"), text});
    };
    const Sql known = call("has", {call("JSONExtractKeys", {json}), c[1].sql});
    const Sql kept = call(
        "arrayMap", {lambda([&](const Sql& pair) {
                       return entry(member(pair, 1),
                                    if_(equals(member(pair, 1), c[1].sql), value, member(pair, 2)));
                     }),
                     pairs});
    const Sql all = if_(known, kept, call("arrayPushBack", {kept, entry(c[1].sql, value)}));
    return if_(
        equals(call("JSONType", {json}), quoted("Object")),
        call("concat", {quoted("{"), call("arrayStringConcat", {all, quoted(",")}), quoted("}")}),
        quoted(""));
  }));
}

/// Four parts of eight digits each; null where the text is no version.
Result<Value> version_number(const Call& c) {
  const Sql number = once(
      call("extractGroups",
           {call("trimBoth", {c[0].sql}),
            quoted(R"(^(\d{1,8})(?:\.(\d{1,8}))?(?:\.(\d{1,8}))?(?:\.(\d{1,8}))?$)")}),
      [](const Sql& groups) {
        std::vector<Sql> parts;
        for (const char* index : {"1", "2", "3", "4"}) {
          parts.push_back(
              call("leftPad", {element(groups, keyword(index)), keyword("8"), quoted("0")}));
        }
        return if_(call("empty", {groups}), null(),
                   call("toDecimal256OrNull", {call("concat", std::move(parts)), keyword("0")}));
      });
  return make_value(Type::kDecimal, number, true);
}

Result<Value> byte_text(const Call& c) {
  const Sql digits = c.size() > 1 ? cast(if_null(c[1].sql, keyword("0")), "Int64") : int64(0);
  constexpr std::string_view kUnits = "['Bytes','KB','MB','GB','TB','PB','EB']";
  const Sql fixed = c.size() > 2 ? call("indexOf", {keyword(kUnits), c[2].sql}) : keyword("0");
  const Sql real = cast(c[0].sql, sql_type(Type::kReal, c[0].nullable));
  return string_value(
      once(call("toFloat64", {if_null(real, keyword("nan"))}), [&](const Sql& size) {
        const Sql step = call(
            "least",
            {keyword("6"),
             call("greatest",
                  {keyword("0"),
                   call("toInt64",
                        {call("floor", {infix("/",
                                              call("log2", {call("greatest", {call("abs", {size}),
                                                                              keyword("1.")})}),
                                              keyword("10"))})})})});
        return once(
            if_(infix(">", fixed, keyword("0")), infix("-", call("toInt64", {fixed}), int64(1)),
                step),
            [&](const Sql& unit) {
              const Sql scaled = infix("/", size, call("pow", {keyword("1024."), unit}));
              const Sql power = call("pow", {keyword("10."), digits});
              const Sql rounded =
                  infix("/", call("floor", {infix("+", infix("*", scaled, power), keyword("0.5"))}),
                        power);
              return if_(call("isFinite", {size}),
                         call("concat", {call("toString", {rounded}), quoted(" "),
                                         element(keyword(kUnits), infix("+", unit, int64(1)))}),
                         quoted(""));
            });
      }));
}

}  // namespace

void add_collections(Registry& registry) {
  const ArgSpec set{"set", kDynamics, "an array"};
  registry.add(FunctionSpec{
      .name = "set_equals",
      .min_args = 2,
      .max_args = 2,
      .args = {set},
      .doc = "Whether two arrays hold the same elements, however often and in whatever order",
      .example = "print set_equals(dynamic([1,2]), dynamic([2,1,1]))",
      .emit = [](const Call& c) -> Result<Value> {
        return cast_value(Type::kBool, equals(distinct(c[0]), distinct(c[1])), false);
      }});
  registry.add(
      FunctionSpec{.name = "jaccard_index",
                   .min_args = 2,
                   .max_args = 2,
                   .args = {set},
                   .doc = "Number of common elements of two sets, divided by the number of all",
                   .example = "print jaccard_index(dynamic([1,2]), dynamic([2,3]))",
                   .emit = jaccard});
  registry.add(FunctionSpec{.name = "bag_set_key",
                            .min_args = 3,
                            .max_args = 3,
                            .args = {{"bag", kDynamics, "a bag"},
                                     {"key", kStrings, "the key"},
                                     {"value", kAnyType, "its value"}},
                            .doc = "The bag with the value of one key set",
                            .example = "print bag_set_key(dynamic({'a':1}), 'b', 2)",
                            .difference = "a key is a name, not a path",
                            .emit = set_key});
  registry.add(FunctionSpec{
      .name = "array_strcat",
      .min_args = 2,
      .max_args = 2,
      .args = {{"array", kDynamics, "an array"}, {"delimiter", kStrings, "what stands between"}},
      .doc = "The texts of an array's elements in one; strcat_array is the newer name",
      .example = "print array_strcat(dynamic([1,2,3]), '->')",
      .emit = [](const Call& c) -> Result<Value> {
        const Sql texts =
            call("arrayMap",
                 {lambda([](const Sql& json) { return dynamic_text(json); }), array_of(c[0])});
        return string_value(call("arrayStringConcat", {texts, c[1].sql}));
      }});
  registry.add(
      FunctionSpec{.name = "parse_version",
                   .min_args = 1,
                   .max_args = 1,
                   .args = {{"version", kStrings, "up to four numbers with dots between"}},
                   .doc = "A version as a number that sorts as versions do; null where it is none",
                   .example = "print parse_version('1.2.3.4')",
                   .emit = version_number});
  registry.add(
      FunctionSpec{.name = "format_bytes",
                   .min_args = 1,
                   .max_args = 3,
                   .args = {{"size", kNumbers, "a number of bytes"},
                            {"precision", one_of(Type::kLong), "digits after the point, else 0"},
                            {"unit", kStrings, "Bytes, KB, MB … instead of the one that fits"}},
                   .naming = Naming::kFirst,
                   .doc = "A number of bytes as text for people, in units of 1024",
                   .example = "print format_bytes(10332, 1)",
                   .emit = byte_text});
}

}  // namespace spoor::kql
