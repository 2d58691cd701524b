// array_length, array_concat, array_slice, array_sort_*, set_*, range, strcat_array, zip-free
// helpers over element texts.

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

Sql null_if_no_array(const Value& value, const Sql& result) {
  if (value.as_array) {
    return result;
  }
  return if_(equals(call("JSONType", {dynamic_of(value)}), quoted("Array")), result, null());
}

Result<Value> length(const Call& call_) {
  const Sql size = call("toInt64", {call("length", {array_of(call_[0])})});
  return cast_value(Type::kLong, null_if_no_array(call_[0], size), !call_[0].as_array);
}

Result<Value> concatenate(const Call& call_) {
  std::vector<Sql> arrays;
  for (const Value& value : call_.args) {
    arrays.push_back(array_of(value));
  }
  return array_value(arrays.size() == 1 ? arrays[0] : call("arrayConcat", std::move(arrays)));
}

/// Both ends are inclusive and count from the end where negative.
Result<Value> slice(const Call& call_) {
  return array_value(once(array_of(call_[0]), [&](const Sql& elements) {
    const Sql size = call("toInt64", {call("length", {elements})});
    const auto place = [&](const Sql& index) {
      const Sql given = call("assumeNotNull", {index});
      return if_(infix("<", given, int64(0)), call("greatest", {infix("+", given, size), int64(0)}),
                 given);
    };
    const Sql from = place(call_[1].sql);
    const Sql last = call("assumeNotNull", {call_[2].sql});
    const Sql to = if_(infix("<", last, int64(0)), infix("+", last, size), last);
    return call("arraySlice",
                {elements, infix("+", from, int64(1)),
                 call("greatest", {infix("+", infix("-", to, from), int64(1)), int64(0)})});
  }));
}

/// Numbers before texts before the rest; nulls last.
std::function<Result<Value>(const Call&)> sorted(bool ascending) {
  return [ascending](const Call& call_) -> Result<Value> {
    if (call_.size() > 1) {
      return fail(
          call_.unsupported(1, std::string(call_.name) + "() of several arrays is not supported"));
    }
    const Sql rank = lambda([](const Sql& raw) {
      const Sql kind =
          call("multiIf",
               {equals(raw, quoted("null")), keyword("3"), call("startsWith", {raw, quoted("\"")}),
                keyword("1"), call("match", {raw, quoted("^[-0-9]")}), keyword("0"), keyword("2")});
      return tuple({kind, call("toFloat64OrZero", {raw}), raw});
    });
    const Sql falling = lambda([](const Sql& raw) {
      const Sql kind =
          call("multiIf",
               {equals(raw, quoted("null")), keyword("-3"), call("startsWith", {raw, quoted("\"")}),
                keyword("1"), call("match", {raw, quoted("^[-0-9]")}), keyword("0"), keyword("2")});
      return tuple({kind, call("toFloat64OrZero", {raw}), raw});
    });
    const Sql elements = array_of(call_[0]);
    return array_value(ascending ? call("arraySort", {rank, elements})
                                 : call("arrayReverseSort", {falling, elements}));
  };
}

/// Position from 0 of the n-th occurrence within `length` elements from `start`; -1 without one.
/// A negative start counts from the end, a negative length goes to it.
Result<Value> index_of(const Call& call_) {
  const Sql wanted = json_of(call_[1]);
  if (call_.size() == 2) {
    return cast_value(
        Type::kLong,
        infix("-", call("toInt64", {call("indexOf", {array_of(call_[0]), wanted})}), int64(1)),
        false);
  }
  const auto number = [&](std::size_t index, std::int64_t otherwise) {
    return call_.size() > index
               ? if_null(cast(call_[index].sql, "Nullable(Int64)"), int64(otherwise))
               : int64(otherwise);
  };
  const Sql length = number(3, -1);
  const Sql nth = number(4, 1);
  const Sql place = once(array_of(call_[0]), [&](const Sql& elements) {
    const Sql size = call("toInt64", {call("length", {elements})});
    const Sql given = number(2, 0);
    const Sql start = if_(infix("<", given, int64(0)),
                          call("greatest", {infix("+", given, size), int64(0)}), given);
    return once(tuple({start, if_(infix("<", length, int64(0)), size, infix("+", start, length))}),
                [&](const Sql& bounds) {
                  const Sql fits = lambda(2, [&](std::span<const Sql> x) {
                    return and_({equals(x[0], wanted), infix(">", x[1], member(bounds, 1)),
                                 infix("<=", x[1], member(bounds, 2))});
                  });
                  const Sql places = call(
                      "arrayFilter",
                      {lambda(2, [&](std::span<const Sql> x) { return x[1]; }),
                       call("arrayEnumerate", {elements}),
                       call("arrayMap", {fits, elements, call("arrayEnumerate", {elements})})});
                  return infix("-", call("toInt64", {element(places, nth)}), int64(1));
                });
  });
  return cast_value(Type::kLong, place, false);
}

Result<Value> has_element(const Call& call_) {
  const Value& set = call_[0];
  if (set.column != nullptr && set.column->storage == schema::Storage::kKeys && set.raw &&
      is_integer(call_[1].type)) {
    // Over the stored keys the engine can use their index.
    return cast_value(Type::kBool, call("has", {set.raw, call_[1].sql}), false);
  }
  if (set.column != nullptr && set.column->storage == schema::Storage::kStrings && set.raw &&
      call_[1].type == Type::kString) {
    return cast_value(Type::kBool, call("has", {set.raw, call_[1].sql}), false);
  }
  return cast_value(Type::kBool, call("has", {array_of(set), json_of(call_[1])}), false);
}

Result<Value> set_union(const Call& call_) {
  Value all = TRY(concatenate(call_));
  return array_value(call("arrayDistinct", {all.sql}));
}
Result<Value> set_intersect(const Call& call_) {
  std::vector<Sql> arrays;
  for (const Value& value : call_.args) {
    arrays.push_back(array_of(value));
  }
  return array_value(call("arraySort", {call("arrayIntersect", std::move(arrays))}));
}
Result<Value> set_difference(const Call& call_) {
  std::vector<Sql> others;
  for (std::size_t at = 1; at < call_.size(); ++at) {
    others.push_back(array_of(call_[at]));
  }
  const Sql taken = others.size() == 1 ? others[0] : call("arrayConcat", std::move(others));
  return array_value(
      call("arrayFilter", {lambda([&](const Sql& raw) { return not_(call("has", {taken, raw})); }),
                           call("arrayDistinct", {array_of(call_[0])})}));
}

Result<Value> join_texts(const Call& call_) {
  return string_value(
      call("arrayStringConcat",
           {call("arrayMap",
                 {lambda([](const Sql& raw) { return dynamic_text(raw); }), array_of(call_[0])}),
            call_[1].sql}));
}

Result<Value> sum(const Call& call_) {
  const Sql total = call(
      "arraySum",
      {lambda([](const Sql& raw) { return call("toFloat64OrZero", {raw}); }), array_of(call_[0])});
  return cast_value(Type::kReal, null_if_no_array(call_[0], total), true);
}

/// Both ends inclusive; at most 1,000,000 elements, the longest array the engine holds.
Result<Value> range_of(const Call& call_) {
  constexpr std::int64_t kMost = 1'000'000;
  const Type type = call_[0].type;
  if (call_[1].type != type && !(is_number(call_[1].type) && is_number(type))) {
    return fail(call_.error(1, "both ends of range() must be of one type"));
  }
  if (type == Type::kReal || (call_.size() > 2 && call_[2].type == Type::kReal)) {
    return fail(call_.unsupported(0, "range() of real numbers is not supported"));
  }
  const bool times = type == Type::kDateTime;
  const auto number = [&](const Value& value) {
    const Sql plain = value.type == Type::kDateTime ? ticks_of(value.sql) : value.sql;
    return value.nullable ? if_null(cast(plain, "Nullable(Int64)"), int64(0))
                          : cast(plain, "Int64");
  };
  std::int64_t default_step = times || type == Type::kTimespan ? 36'000'000'000 : 1;
  const Sql step = call_.size() > 2 ? number(call_[2]) : int64(default_step);
  const Sql first = number(call_[0]);
  // A null end makes no elements.
  std::vector<Sql> nulls;
  for (const Value& value : call_.args) {
    if (value.nullable) {
      nulls.push_back(is_null(value.sql));
    }
  }
  const Sql all = call(
      "least",
      {infix("+",
             if_null(call("intDivOrNull", {infix("-", number(call_[1]), first), step}), int64(-1)),
             int64(1)),
       int64(kMost)});
  const Sql count = nulls.empty() ? all : if_(or_(std::move(nulls)), int64(0), all);
  const Sql places = call("range", {call("toUInt64", {call("greatest", {count, int64(0)})})});
  return array_value(call(
      "arrayMap", {lambda([&](const Sql& place) {
                     const Sql item = infix("+", first, infix("*", call("toInt64", {place}), step));
                     Value value = times ? make_value(Type::kDateTime, datetime_of(item), false)
                                         : make_value(type == Type::kTimespan ? type : Type::kLong,
                                                      item, false);
                     return json_of(value);
                   }),
                   places}));
}

void add_set(Registry& registry, std::string_view name, std::string_view doc,
             std::string_view example, std::uint16_t least,
             std::function<Result<Value>(const Call&)> emit) {
  registry.add(FunctionSpec{.name = name,
                            .min_args = least,
                            .max_args = 64,
                            .args = {{"array", kDynamics, "arrays"}},
                            .doc = doc,
                            .example = example,
                            .emit = std::move(emit)});
}

}  // namespace

void add_arrays(Registry& registry) {
  registry.add(FunctionSpec{.name = "array_length",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"array", kDynamics, "an array"}},
                            .doc = "Number of elements; null where it is no array",
                            .example = "print array_length(dynamic([1,2]))",
                            .emit = length});
  add_set(registry, "array_concat", "One array of several",
          "print array_concat(dynamic([1]), dynamic([2]))", 1, concatenate);
  registry.add(FunctionSpec{.name = "array_slice",
                            .min_args = 3,
                            .max_args = 3,
                            .args = {{"array", kDynamics, "an array"},
                                     {"start", one_of(Type::kLong), "first, from 0"},
                                     {"end", one_of(Type::kLong), "last, inclusive"}},
                            .doc = "A part of an array",
                            .example = "print array_slice(dynamic([1,2,3]), 1, 2)",
                            .emit = slice});
  registry.add(FunctionSpec{.name = "array_reverse",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"array", kDynamics, "an array"}},
                            .doc = "The array backwards",
                            .example = "print array_reverse(dynamic([1,2]))",
                            .emit = [](const Call& call_) -> Result<Value> {
                              return array_value(call("reverse", {array_of(call_[0])}));
                            }});
  registry.add(FunctionSpec{.name = "array_sum",
                            .min_args = 1,
                            .max_args = 1,
                            .args = {{"array", kDynamics, "an array of numbers"}},
                            .doc = "Sum of the elements",
                            .example = "print array_sum(dynamic([1,2]))",
                            .emit = sum});
  for (const auto& [name, ascending, doc, example] :
       {std::tuple{"array_sort_asc", true, "The array sorted, nulls last",
                   "print array_sort_asc(dynamic([3,1,2]))"},
        std::tuple{"array_sort_desc", false, "The array sorted backwards, nulls last",
                   "print array_sort_desc(dynamic([3,1,2]))"}}) {
    registry.add(FunctionSpec{.name = name,
                              .min_args = 1,
                              .max_args = 64,
                              .args = {{"array", kDynamics, "an array"}},
                              .doc = doc,
                              .example = example,
                              .emit = sorted(ascending)});
  }
  registry.add(FunctionSpec{.name = "array_index_of",
                            .min_args = 2,
                            .max_args = 5,
                            .args = {{"array", kDynamics, "an array"},
                                     {"value", kAnyType, "what to find"},
                                     {"start", kIntegers, "first place to look at, from 0"},
                                     {"length", kIntegers, "places to look at"},
                                     {"occurrence", kIntegers, "1 for the first one"}},
                            .doc = "Position of a value, from 0; -1 where it is not",
                            .example = "print array_index_of(dynamic(['a','b']), 'b')",
                            .emit = index_of});
  registry.add(
      FunctionSpec{.name = "set_has_element",
                   .min_args = 2,
                   .max_args = 2,
                   .args = {{"set", kDynamics, "an array"}, {"value", kAnyType, "what to find"}},
                   .doc = "True where the array has the value",
                   .example = "print set_has_element(dynamic([1,2]), 2)",
                   .emit = has_element});
  add_set(registry, "set_union", "Distinct elements of all arrays",
          "print set_union(dynamic([1,2]), dynamic([2,3]))", 1, set_union);
  add_set(registry, "set_intersect", "Distinct elements that every array has",
          "print set_intersect(dynamic([1,2]), dynamic([2,3]))", 1, set_intersect);
  add_set(registry, "set_difference", "Distinct elements of the first array that no other has",
          "print set_difference(dynamic([1,2]), dynamic([2]))", 2, set_difference);
  registry.add(FunctionSpec{
      .name = "strcat_array",
      .min_args = 2,
      .max_args = 2,
      .args = {{"array", kDynamics, "an array"}, {"delimiter", kStrings, "what to put between"}},
      .doc = "The texts of the elements with a delimiter between",
      .example = "print strcat_array(dynamic([1,'b']), '-')",
      .emit = join_texts});
  registry.add(
      FunctionSpec{.name = "range",
                   .min_args = 2,
                   .max_args = 3,
                   .args = {{"start", kNumbers | kDateTimes | kTimespans, "first"},
                            {"stop", kNumbers | kDateTimes | kTimespans, "last, inclusive"},
                            {"step", kNumbers | kTimespans, "1, or 1h"}},
                   .doc = "An array of evenly spaced values",
                   .example = "print range(1, 7, 2)",
                   .emit = range_of});
}

}  // namespace spoor::kql
