// Functions of summarize that take a value a row. arg_max, arg_min, take_any stand with the
// operator.

#include <algorithm>

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

/// Kusto's bound on collected lists.
constexpr std::int64_t kMostElements = 1'048'576;
constexpr std::int64_t kMostOldElements = 128;

/// Predicate of an …if form: null counts as false.
Sql holds(const Value& predicate) { return if_null(predicate.sql, boolean(false)); }

/// function(arguments), or functionIf(arguments, predicate) where the call has a predicate at `at`.
Sql aggregate(std::string_view function, std::vector<Sql> arguments, const Call& call_,
              std::size_t at) {
  if (call_.size() > at) {
    arguments.push_back(holds(call_[at]));
    return call(std::string(function) + "If", std::move(arguments));
  }
  return call(function, std::move(arguments));
}

Result<Value> sum(const Call& call_) {
  const Value& value = call_[0];
  const Type type = value.type == Type::kInt ? Type::kLong : value.type;
  return cast_value(type, if_null(aggregate("sum", {value.sql}, call_, 1), keyword("0")), false);
}

Result<Value> average(const Call& call_) {
  const Value& value = call_[0];
  if (value.type == Type::kDateTime || value.type == Type::kTimespan) {
    const Sql ticks = value.type == Type::kDateTime ? ticks_of(value.sql) : value.sql;
    const Sql mean = aggregate("avg", {call("toFloat64", {ticks})}, call_, 1);
    const Sql whole = once(mean, [](const Sql& real) {
      return call("accurateCastOrNull",
                  {if_(call("isNaN", {real}), null(), call("trunc", {real})), quoted("Int64")});
    });
    return cast_value(value.type, value.type == Type::kDateTime ? datetime_of(whole) : whole, true);
  }
  return cast_value(Type::kReal,
                    one_nan(if_null(aggregate("avg", {call("toFloat64", {value.sql})}, call_, 1),
                                    keyword("nan"))),
                    false);
}

std::function<Result<Value>(const Call&)> extreme(std::string_view function) {
  return [function](const Call& call_) -> Result<Value> {
    const Value& value = call_[0];
    if (value.type == Type::kString) {
      // Of nothing the engine gives '', which is Kusto's null of a text.
      return string_value(aggregate(function, {value.sql}, call_, 1));
    }
    return cast_value(value.type, aggregate(function, {call("toNullable", {value.sql})}, call_, 1),
                      true);
  };
}

Sql countable(const Value& value) {
  return value.type == Type::kDynamic ? dynamic_of(value) : value.sql;
}

Result<Value> distinct_count(const Call& call_, std::size_t predicate) {
  return cast_value(
      Type::kLong,
      call("toInt64", {aggregate("uniqExact", {countable(call_[0])}, call_, predicate)}), false);
}

/// Elements as JSON texts; NULL where a null must be left out.
Sql element_text(const Value& value) {
  if (value.type == Type::kDynamic) {
    return call("nullIf", {json_of(value), quoted("null")});
  }
  return value.nullable ? if_(is_null(value.sql), null(), json_of(value)) : json_of(value);
}

std::int64_t most(const Call& call_, std::size_t at, std::int64_t limit) {
  const auto given = call_.size() > at ? call_[at].number() : std::nullopt;
  return given && *given > 0 ? std::min(*given, limit) : limit;
}

Sql collected(std::string_view function, Sql value, const Call& call_, std::size_t predicate,
              std::int64_t limit) {
  std::vector<Sql> arguments = {std::move(value)};
  std::string name(function);
  if (predicate != 0 && call_.size() > predicate) {
    name += "If";
    arguments.push_back(holds(call_[predicate]));
  }
  return parametric(name, {keyword(std::to_string(limit))}, std::move(arguments));
}

/// What a dynamic gives to a list or set: of an array its elements, of null nothing.
Sql given_elements(const Value& value) {
  return once(dynamic_of(value), [](const Sql& json) {
    return call("multiIf", {dynamic_is_null(json), cast(array({}), "Array(String)"),
                            call("startsWith", {json, quoted("[")}),
                            call("JSONExtractArrayRaw", {json}), array({json})});
  });
}

/// Elements in the order of the rows; arrays give their elements.
std::function<Result<Value>(const Call&)> list(std::size_t predicate, std::size_t size_at,
                                               std::int64_t limit) {
  return [=](const Call& call_) -> Result<Value> {
    if (call_[0].type == Type::kDynamic) {
      return array_value(collected("groupArrayArray", given_elements(call_[0]), call_, predicate,
                                   most(call_, size_at, limit)));
    }
    const Sql texts = collected("groupArray", element_text(call_[0]), call_, predicate,
                                most(call_, size_at, limit));
    return array_value(cast(texts, "Array(String)"));
  };
}

/// Elements in order, so that repeated runs agree; arrays give their elements.
std::function<Result<Value>(const Call&)> set(std::size_t predicate, std::size_t size_at,
                                              std::int64_t limit) {
  return [=](const Call& call_) -> Result<Value> {
    const std::int64_t size = most(call_, size_at, limit);
    if (call_[0].type == Type::kDynamic) {
      return array_value(call(
          "arraySort",
          {collected("groupUniqArrayArray", given_elements(call_[0]), call_, predicate, size)}));
    }
    return array_value(call("arraySort", {cast(collected("groupUniqArray", element_text(call_[0]),
                                                         call_, predicate, size),
                                               "Array(String)")}));
  };
}

/// Bags merged; the first value of a key stays.
Result<Value> bag(const Call& call_, bool with_predicate) {
  const Sql members =
      aggregate("groupArrayArray", {call("JSONExtractKeysAndValuesRaw", {dynamic_of(call_[0])})},
                call_, with_predicate ? 1 : call_.size());
  return dynamic_value(once(members, [](const Sql& all) {
    const Sql names =
        call("arrayMap", {lambda([](const Sql& pair) { return member(pair, 1); }), all});
    const Sql first = call("arrayFilter",
                           {lambda(2,
                                   [&](std::span<const Sql> v) {
                                     return equals(call("indexOf", {names, member(v[0], 1)}), v[1]);
                                   }),
                            all, call("arrayEnumerate", {all})});
    const Sql texts =
        call("arrayMap", {lambda([](const Sql& pair) {
                            return call("concat", {call("toJSONString", {member(pair, 1)}),
                                                   quoted(":"), member(pair, 2)});
                          }),
                          first});
    return call("concat",
                {quoted("{"), call("arrayStringConcat", {texts, quoted(",")}), quoted("}")});
  }));
}

std::function<Result<Value>(const Call&)> spread(std::string_view function, int least) {
  return [function, least](const Call& call_) -> Result<Value> {
    const Sql real = call("toFloat64", {call_[0].sql});
    const Sql rows = aggregate("count", {call_[0].sql}, call_, 1);
    return cast_value(Type::kReal,
                      if_(infix("<", rows, keyword(std::to_string(least))), keyword("0"),
                          aggregate(function, {real}, call_, 1)),
                      true);
  };
}

/// Nearest rank: the smallest value with at least p per cent of the rows at or below it.
Result<std::vector<Value>> percentiles(const Call& call_) {
  std::vector<Value> results;
  const Value& value = call_[0];
  const bool times = value.type == Type::kDateTime;
  const Sql number = times ? ticks_of(value.sql) : value.sql;
  for (std::size_t at = 1; at < call_.size(); ++at) {
    double percent = 0;
    if (const auto whole = call_[at].number()) {
      percent = static_cast<double>(*whole);
    } else if (call_[at].constant && std::holds_alternative<double>(*call_[at].constant)) {
      percent = std::get<double>(*call_[at].constant);
    } else {
      return fail(call_.error(at, "a percentile must be a constant number"));
    }
    if (percent < 0 || percent > 100) {
      return fail(call_.error(at, "a percentile lies between 0 and 100"));
    }
    // The factor undoes products such as 0.07 * 100 = 7.000000000000001, which would take the next
    // rank.
    const Sql rank = parametric("quantileExactWeighted", {param_real(percent / 100 * (1 - 1e-12))},
                                {call("toNullable", {number}), keyword("1")});
    std::string shown = std::to_string(percent);
    shown.erase(shown.find_last_not_of('0') + 1);
    if (shown.ends_with('.')) {
      shown.pop_back();
    }
    std::replace(shown.begin(), shown.end(), '.', '_');
    Value result = times ? cast_value(Type::kDateTime, datetime_of(rank), true)
                         : cast_value(value.type, rank, true);
    result.name = "percentile_" + value.name + "_" + shown;
    results.push_back(std::move(result));
  }
  return results;
}

std::function<Result<Value>(const Call&)> bits(std::string_view function) {
  return [function](const Call& call_) -> Result<Value> {
    return cast_value(Type::kLong, call(function, {call_[0].sql}), true);
  };
}

const ArgSpec kPredicate = {"predicate", kBools, "rows to take"};
constexpr TypeSet kMeasures = kNumbers | kDateTimes | kTimespans;

/// `name` and `name`if.
void add_pair(Registry& registry, std::string_view name, std::string_view name_if,
              std::string_view prefix, std::string_view prefix_if, TypeSet types,
              std::string_view doc, std::string_view example, std::string_view example_if,
              const std::function<Result<Value>(const Call&)>& emit) {
  registry.add(AggregateSpec{.name = name,
                             .min_args = 1,
                             .max_args = 1,
                             .args = {{"value", types, "a value a row"}},
                             .prefix = prefix,
                             .doc = doc,
                             .example = example,
                             .emit = emit});
  registry.add(AggregateSpec{.name = name_if,
                             .min_args = 2,
                             .max_args = 2,
                             .args = {{"value", types, "a value a row"}, kPredicate},
                             .prefix = prefix_if,
                             .doc = doc,
                             .example = example_if,
                             .emit = emit});
}

void add_collection(Registry& registry, std::string_view name,
                    std::vector<std::string_view> aliases, std::string_view prefix,
                    bool with_predicate, std::string_view doc, std::string_view example,
                    std::function<Result<Value>(const Call&)> emit) {
  std::vector<ArgSpec> args = {{"value", kAnyType, "a value a row"}};
  if (with_predicate) {
    args.push_back(kPredicate);
  }
  args.push_back({"size", kIntegers, "most elements", true});
  const auto least = static_cast<std::uint16_t>(with_predicate ? 2 : 1);
  registry.add(AggregateSpec{.name = name,
                             .aliases = std::move(aliases),
                             .min_args = least,
                             .max_args = static_cast<std::uint16_t>(least + 1),
                             .args = std::move(args),
                             .prefix = prefix,
                             .doc = doc,
                             .example = example,
                             .emit = std::move(emit)});
}

}  // namespace

void add_aggregates(Registry& registry) {
  registry.add(AggregateSpec{.name = "count",
                             .max_args = 1,
                             .args = {{"value", kAnyType, "passed over"}},
                             .naming = Naming::kNumbered,
                             .prefix = "count_",
                             .doc = "Number of rows",
                             .example = "range n from 1 to 3 step 1 | summarize count()",
                             .emit = [](const Call&) -> Result<Value> {
                               return cast_value(Type::kLong, call("toInt64", {call("count", {})}),
                                                 false);
                             }});
  registry.add(AggregateSpec{.name = "countif",
                             .min_args = 1,
                             .max_args = 1,
                             .args = {kPredicate},
                             .naming = Naming::kNumbered,
                             .prefix = "countif_",
                             .doc = "Number of rows for which the predicate holds",
                             .example = "range n from 1 to 3 step 1 | summarize countif(n > 1)",
                             .emit = [](const Call& call_) -> Result<Value> {
                               return cast_value(
                                   Type::kLong,
                                   call("toInt64", {call("countIf", {holds(call_[0])})}), false);
                             }});
  add_pair(registry, "sum", "sumif", "sum_", "sumif_", kNumbers | kTimespans,
           "Sum of the values; of nothing 0", "range n from 1 to 3 step 1 | summarize sum(n)",
           "range n from 1 to 3 step 1 | summarize sumif(n, n > 1)", sum);
  add_pair(registry, "avg", "avgif", "avg_", "avgif_", kMeasures,
           "Mean of the values; of nothing NaN", "range n from 1 to 3 step 1 | summarize avg(n)",
           "range n from 1 to 3 step 1 | summarize avgif(n, n > 1)", average);
  add_pair(registry, "min", "minif", "min_", "minif_", kMeasures | kStrings | kBools,
           "The smallest value; of nothing null", "range n from 1 to 3 step 1 | summarize min(n)",
           "range n from 1 to 3 step 1 | summarize minif(n, n > 1)", extreme("min"));
  add_pair(registry, "max", "maxif", "max_", "maxif_", kMeasures | kStrings | kBools,
           "The largest value; of nothing null", "range n from 1 to 3 step 1 | summarize max(n)",
           "range n from 1 to 3 step 1 | summarize maxif(n, n < 3)", extreme("max"));
  registry.add(
      AggregateSpec{.name = "dcount",
                    .min_args = 1,
                    .max_args = 2,
                    .args = {{"value", kAnyType, "a value a row"},
                             {"accuracy", kIntegers, "passed over: the count is exact", true}},
                    .prefix = "dcount_",
                    .doc = "Number of distinct values",
                    .example = "range n from 1 to 3 step 1 | summarize dcount(n)",
                    .difference = "exact, where Kusto estimates",
                    .emit = [](const Call& call_) { return distinct_count(call_, 2); }});
  registry.add(
      AggregateSpec{.name = "dcountif",
                    .min_args = 2,
                    .max_args = 3,
                    .args = {{"value", kAnyType, "a value a row"},
                             kPredicate,
                             {"accuracy", kIntegers, "passed over: the count is exact", true}},
                    .prefix = "dcountif_",
                    .doc = "Number of distinct values of the rows for which the predicate holds",
                    .example = "range n from 1 to 3 step 1 | summarize dcountif(n, n > 1)",
                    .difference = "exact, where Kusto estimates",
                    .emit = [](const Call& call_) { return distinct_count(call_, 1); }});
  registry.add(AggregateSpec{.name = "count_distinct",
                             .min_args = 1,
                             .max_args = 1,
                             .args = {{"value", kAnyType, "a value a row"}},
                             .prefix = "count_distinct_",
                             .doc = "Number of distinct values, exact",
                             .example = "range n from 1 to 3 step 1 | summarize count_distinct(n)",
                             .emit = [](const Call& call_) { return distinct_count(call_, 1); }});
  add_collection(registry, "make_list", {}, "list_", false,
                 "The values as an array, without nulls; arrays give their elements",
                 "range n from 1 to 3 step 1 | summarize make_list(n)", list(0, 1, kMostElements));
  add_collection(registry, "makelist", {}, "list_", false, "As make_list, of at most 128 values",
                 "range n from 1 to 3 step 1 | summarize makelist(n)",
                 list(0, 1, kMostOldElements));
  add_collection(registry, "make_list_if", {}, "list_", true,
                 "The values of the rows for which the predicate holds",
                 "range n from 1 to 3 step 1 | summarize make_list_if(n, n > 1)",
                 list(1, 2, kMostElements));
  add_collection(registry, "make_set", {}, "set_", false, "The distinct values as an array, sorted",
                 "range n from 1 to 3 step 1 | summarize make_set(n % 2)",
                 set(0, 1, kMostElements));
  add_collection(registry, "makeset", {}, "set_", false, "As make_set, of at most 128 values",
                 "range n from 1 to 3 step 1 | summarize makeset(n % 2)",
                 set(0, 1, kMostOldElements));
  add_collection(registry, "make_set_if", {}, "set_", true,
                 "The distinct values of the rows for which the predicate holds",
                 "range n from 1 to 3 step 1 | summarize make_set_if(n, n > 1)",
                 set(1, 2, kMostElements));
  registry.add(AggregateSpec{
      .name = "make_list_with_nulls",
      .min_args = 1,
      .max_args = 1,
      .args = {{"value", kAnyType, "a value a row"}},
      .prefix = "list_",
      .doc = "The values as an array, with nulls",
      .example = "range n from 1 to 3 step 1 | summarize make_list_with_nulls(n)",
      .emit = [](const Call& call_) -> Result<Value> {
        return array_value(parametric("groupArray", {keyword(std::to_string(kMostElements))},
                                      {json_of(call_[0])}));
      }});
  registry.add(AggregateSpec{
      .name = "make_bag",
      .min_args = 1,
      .max_args = 2,
      .args = {{"bag", kDynamics, "a bag a row"}, {"size", kIntegers, "passed over", true}},
      .prefix = "bag_",
      .doc = "All bags in one",
      .example = "print b = dynamic({'a':1}) | summarize make_bag(b)",
      .emit = [](const Call& call_) { return bag(call_, false); }});
  registry.add(
      AggregateSpec{.name = "make_bag_if",
                    .min_args = 2,
                    .max_args = 3,
                    .args = {{"bag", kDynamics, "a bag a row"},
                             kPredicate,
                             {"size", kIntegers, "passed over", true}},
                    .prefix = "bag_",
                    .doc = "The bags of the rows for which the predicate holds, in one",
                    .example = "print b = dynamic({'a':1}) | summarize make_bag_if(b, true)",
                    .emit = [](const Call& call_) { return bag(call_, true); }});
  add_pair(registry, "stdev", "stdevif", "stdev_", "stdevif_", kNumbers,
           "Standard deviation of a sample; of nothing 0",
           "range n from 1 to 3 step 1 | summarize stdev(n)",
           "range n from 1 to 3 step 1 | summarize stdevif(n, true)",
           spread("stddevSampStable", 2));
  add_pair(
      registry, "variance", "varianceif", "variance_", "varianceif_", kNumbers,
      "Variance of a sample; of nothing 0", "range n from 1 to 3 step 1 | summarize variance(n)",
      "range n from 1 to 3 step 1 | summarize varianceif(n, true)", spread("varSampStable", 2));
  add_pair(registry, "stdevp", "stdevpif", "stdevp_", "stdevpif_", kNumbers,
           "Standard deviation of a whole; of nothing 0",
           "range n from 1 to 3 step 1 | summarize stdevp(n)",
           "range n from 1 to 3 step 1 | summarize stdevpif(n, true)",
           spread("stddevPopStable", 1));
  add_pair(
      registry, "variancep", "variancepif", "variancep_", "variancepif_", kNumbers,
      "Variance of a whole; of nothing 0", "range n from 1 to 3 step 1 | summarize variancep(n)",
      "range n from 1 to 3 step 1 | summarize variancepif(n, true)", spread("varPopStable", 1));
  registry.add(AggregateSpec{
      .name = "percentile",
      .min_args = 2,
      .max_args = 2,
      .args = {{"value", kMeasures, "a value a row"}, {"percentile", kNumbers, "0 to 100", true}},
      .doc = "The value below which so many per cent of the rows lie (nearest rank)",
      .example = "range n from 1 to 4 step 1 | summarize percentile(n, 50)",
      .emit_many = percentiles});
  registry.add(AggregateSpec{
      .name = "percentiles",
      .min_args = 2,
      .max_args = kMany,
      .args = {{"value", kMeasures, "a value a row"}, {"percentile", kNumbers, "0 to 100", true}},
      .doc = "Several percentiles, a column each",
      .example = "range n from 1 to 4 step 1 | summarize percentiles(n, 50, 95)",
      .emit_many = percentiles});
  for (const auto& [name, function, example] :
       {std::tuple{"binary_all_and", "groupBitAnd",
                   "range n from 1 to 3 step 1 | summarize binary_all_and(n)"},
        std::tuple{"binary_all_or", "groupBitOr",
                   "range n from 1 to 3 step 1 | summarize binary_all_or(n)"},
        std::tuple{"binary_all_xor", "groupBitXor",
                   "range n from 1 to 3 step 1 | summarize binary_all_xor(n)"}}) {
    registry.add(
        AggregateSpec{.name = name,
                      .min_args = 1,
                      .max_args = 1,
                      .args = {{"value", one_of(Type::kLong), "a whole number a row"}},
                      .prefix = std::string_view(name) == "binary_all_and"  ? "binary_all_and_"
                                : std::string_view(name) == "binary_all_or" ? "binary_all_or_"
                                                                            : "binary_all_xor_",
                      .doc = "The bits of all values put together",
                      .example = example,
                      .emit = bits(function)});
  }
}

}  // namespace spoor::kql
