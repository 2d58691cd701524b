// Arrays turned, cut, paired: array_rotate_left, array_shift_left, array_split, zip, bag_zip,
// array_iff.

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

Sql length_of(const Sql& elements) { return call("toInt64", {call("length", {elements})}); }

/// `made` of the elements of an array; the dynamic null where the value is no array.
Value on_array(const Value& value, const std::function<Sql(Sql)>& made) {
  if (value.as_array) {
    return array_value(made(value.sql));
  }
  return dynamic_value(once(dynamic_of(value), [&](const Sql& json) {
    return if_(equals(call("JSONType", {json}), quoted("Array")),
               json_of_array(made(call("JSONExtractArrayRaw", {json}))), quoted(""));
  }));
}

/// The JSON text of one element, 'null' past the end.
Sql element_or_null(const Sql& elements, const Sql& index) {
  return once(element(elements, index),
              [](const Sql& json) { return if_(equals(json, quoted("")), quoted("null"), json); });
}

Result<Value> rotate(const Call& c, bool left) {
  const Sql count = call("assumeNotNull", {c[1].sql});
  return on_array(c[0], [&](const Sql& elements) {
    return call("arrayRotateLeft", {elements, left ? count : prefix("-", count)});
  });
}

Result<Value> shift(const Call& c, bool left) {
  const Sql count = call("assumeNotNull", {c[1].sql});
  const Sql fill = c.size() > 2 ? json_of(c[2]) : quoted("null");
  return on_array(c[0], [&](const Sql& elements) {
    return call("arrayShiftLeft", {elements, left ? count : prefix("-", count), fill});
  });
}

/// Cuts before each index; negative ones count from the end.
Result<Value> split_at(const Call& c) {
  Sql indexes = array({call("assumeNotNull", {c[1].sql})});
  if (c[1].type == Type::kDynamic) {
    indexes =
        call("arrayMap", {lambda([](const Sql& json) { return call("toInt64OrZero", {json}); }),
                          c[1].as_array ? c[1].sql : once(c[1].sql, [](const Sql& json) {
                            return if_(call("startsWith", {json, quoted("[")}),
                                       call("JSONExtractArrayRaw", {json}), array({json}));
                          })});
  }
  return on_array(c[0], [&](const Sql& elements) {
    const Sql size = length_of(elements);
    const Sql cuts =
        call("arrayMap", {lambda([&](const Sql& index) {
                            const Sql from_start =
                                if_(infix("<", index, int64(0)), infix("+", index, size), index);
                            return call("greatest", {call("least", {from_start, size}), int64(0)});
                          }),
                          indexes});
    const Sql part = lambda(2, [&](std::span<const Sql> ends) {
      const Sql count = call("greatest", {infix("-", ends[1], ends[0]), int64(0)});
      return json_of_array(call("arraySlice", {elements, infix("+", ends[0], int64(1)), count}));
    });
    return call("arrayMap", {part, call("arrayPushFront", {cuts, int64(0)}),
                             call("arrayPushBack", {cuts, size})});
  });
}

Result<Value> zip(const Call& c) {
  std::vector<Sql> arrays;
  std::vector<Sql> lengths;
  for (const Value& value : c.args) {
    arrays.push_back(array_of(value));
    lengths.push_back(length_of(arrays.back()));
  }
  const Sql longest = call("arrayMax", {array(lengths)});
  const Sql tuples = call("arrayMap", {lambda([&](const Sql& index) {
                                         std::vector<Sql> texts;
                                         for (const Sql& elements : arrays) {
                                           texts.push_back(element_or_null(elements, index));
                                         }
                                         return json_of_array(array(std::move(texts)));
                                       }),
                                       call("range", {int64(1), infix("+", longest, int64(1))})});
  return array_value(tuples);
}

/// Keys that are no strings are passed over, with their values.
Result<Value> bag_of_pairs(const Call& c) {
  const Sql values = array_of(c[1]);
  return dynamic_value(once(dynamic_of(c[0]), [&](const Sql& json) {
    const Sql keys = call("JSONExtractArrayRaw", {json});
    const Sql entries =
        call("arrayMap", {lambda(2,
                                 [&](std::span<const Sql> pair) {
                                   return if_(call("startsWith", {pair[0], quoted("\"")}),
                                              call("concat", {pair[0], quoted(":"),
                                                              element_or_null(values, pair[1])}),
                                              quoted(""));
                                 }),
                          keys, call("arrayEnumerate", {keys})});
    const Sql kept =
        call("arrayFilter",
             {lambda([](const Sql& entry) { return infix("!=", entry, quoted("")); }), entries});
    return if_(
        equals(call("JSONType", {json}), quoted("Array")),
        call("concat", {quoted("{"), call("arrayStringConcat", {kept, quoted(",")}), quoted("}")}),
        quoted(""));
  }));
}

Result<Value> choose_elements(const Call& c) {
  const auto pick = [&](const Value& value, const Sql& index) -> Sql {
    if (value.type != Type::kDynamic) {
      return json_of(value);
    }
    if (value.as_array) {
      return element_or_null(value.sql, index);
    }
    return if_(call("startsWith", {value.sql, quoted("[")}),
               element_or_null(call("JSONExtractArrayRaw", {value.sql}), index), json_of(value));
  };
  return on_array(c[0], [&](const Sql& conditions) {
    return call("arrayMap",
                {lambda(2,
                        [&](std::span<const Sql> pair) {
                          const Sql number = call("toFloat64OrNull", {pair[0]});
                          return call("multiIf",
                                      {equals(pair[0], quoted("true")), pick(c[1], pair[1]),
                                       equals(pair[0], quoted("false")), pick(c[2], pair[1]),
                                       is_null(number), quoted("null"),
                                       if_null(infix("!=", number, keyword("0")), boolean(false)),
                                       pick(c[1], pair[1]), pick(c[2], pair[1])});
                        }),
                 conditions, call("arrayEnumerate", {conditions})});
  });
}

}  // namespace

void add_array_shapes(Registry& registry) {
  const ArgSpec source{"array", kDynamics, "an array"};
  for (const bool left : {true, false}) {
    registry.add(FunctionSpec{
        .name = left ? "array_rotate_left" : "array_rotate_right",
        .min_args = 2,
        .max_args = 2,
        .args = {source, {"count", kIntegers, "places to move; negative: the other way"}},
        .doc =
            left
                ? "The array with its elements moved left, the first ones coming back at the end"
                : "The array with its elements moved right, the last ones coming back at the start",
        .example = left ? "print array_rotate_left(dynamic([1,2,3,4,5]), 2)"
                        : "print array_rotate_right(dynamic([1,2,3,4,5]), 2)",
        .emit = [left](const Call& c) { return rotate(c, left); },
    });
    registry.add(FunctionSpec{
        .name = left ? "array_shift_left" : "array_shift_right",
        .min_args = 2,
        .max_args = 3,
        .args = {source,
                 {"count", kIntegers, "places to move; negative: the other way"},
                 {"fill", kAnyType, "what fills the free places, else null"}},
        .doc = left ? "The array with its elements moved left and the end filled"
                    : "The array with its elements moved right and the start filled",
        .example = left ? "print array_shift_left(dynamic([1,2,3,4,5]), 2)"
                        : "print array_shift_right(dynamic([1,2,3,4,5]), 2, -1)",
        .emit = [left](const Call& c) { return shift(c, left); },
    });
  }
  registry.add(FunctionSpec{
      .name = "array_split",
      .min_args = 2,
      .max_args = 2,
      .args = {source,
               {"index", kIntegers | kDynamics,
                "where to cut: one index from 0, or an array of them"}},
      .doc = "The array cut into an array of arrays before each index",
      .example = "print array_split(dynamic([1,2,3,4,5]), dynamic([1,3]))",
      .emit = split_at,
  });
  registry.add(FunctionSpec{
      .name = "zip",
      .min_args = 2,
      .max_args = 16,
      .args = {source},
      .doc =
          "An array of arrays of the elements at equal places; short arrays are filled with null",
      .example = "print zip(dynamic([1,3,5]), dynamic([2,4,6]))",
      .emit = zip,
  });
  registry.add(FunctionSpec{
      .name = "bag_zip",
      .min_args = 2,
      .max_args = 2,
      .args = {{"keys", kDynamics, "an array of texts"},
               {"values", kDynamics, "an array of values"}},
      .doc = "A bag of keys and values taken from two arrays",
      .example = "print bag_zip(dynamic(['a','b']), dynamic([1,'2']))",
      .emit = bag_of_pairs,
  });
  registry.add(FunctionSpec{
      .name = "array_iff",
      .aliases = {"array_iif"},
      .min_args = 3,
      .max_args = 3,
      .args = {{"conditions", kDynamics, "an array of bools or numbers"},
               {"then", kAnyType, "an array or one value"},
               {"else", kAnyType, "an array or one value"}},
      .doc = "For each condition of an array the element of one array or of the other",
      .example = "print array_iff(dynamic([true,false,true]), dynamic([1,2,3]), dynamic([4,5,6]))",
      .emit = choose_elements,
  });
}

}  // namespace spoor::kql
