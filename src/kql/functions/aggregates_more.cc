// Covariances, weighted percentiles and percentiles as an array.

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

Sql holds(const Value& predicate) { return if_null(predicate.sql, boolean(false)); }

struct Covariance {
  std::string_view name;
  std::string_view function;
  bool predicate;
  int least;  ///< rows below which the answer is 0
};

Result<std::vector<Value>> covariance(const Call& c, const Covariance& kind) {
  const Sql x = call("toFloat64", {c[0].sql});
  const Sql y = call("toFloat64", {c[1].sql});
  std::string function(kind.function);
  std::vector<Sql> arguments{x, y};
  std::vector<Sql> rows{and_({call("isNotNull", {x}), call("isNotNull", {y})})};
  if (kind.predicate) {
    function += "If";
    arguments.push_back(holds(c[2]));
    rows.push_back(holds(c[2]));
  }
  const Sql count = call("countIf", {and_(std::move(rows))});
  Value value = cast_value(Type::kReal,
                           if_(infix("<", count, keyword(std::to_string(kind.least))), keyword("0"),
                               call(function, std::move(arguments))),
                           true);
  value.name = std::string(kind.name) + "_" + c[0].name;
  if (!c[0].name.empty() && !c[1].name.empty()) {
    value.name += "_" + c[1].name;
  }
  return std::vector{std::move(value)};
}

/// A constant percentile, 0 … 100.
Result<double> percent_of(const Call& c, std::size_t index, const Value& value) {
  double percent = -1;
  if (const auto whole = value.number()) {
    percent = static_cast<double>(*whole);
  } else if (value.constant && std::holds_alternative<double>(*value.constant)) {
    percent = std::get<double>(*value.constant);
  } else {
    return fail(c.error(index, "a percentile must be a constant number"));
  }
  if (!(percent >= 0 && percent <= 100)) {
    return fail(c.error(index, "a percentile lies between 0 and 100"));
  }
  return percent;
}

/// The percentiles from argument `first` on: numbers, or one constant array of them.
Result<std::vector<double>> percents_of(const Call& c, std::size_t first) {
  std::vector<double> percents;
  for (std::size_t i = first; i < c.size(); ++i) {
    const std::string* json = c[i].type == Type::kDynamic ? c[i].text() : nullptr;
    if (json == nullptr) {
      percents.push_back(TRY(percent_of(c, i, c[i])));
      continue;
    }
    std::string_view list = trim_blanks(*json);
    if (list.size() < 2 || list.front() != '[' || list.back() != ']') {
      return fail(c.error(i, "the percentiles must be a constant array of numbers"));
    }
    for (std::string_view item : split(list.substr(1, list.size() - 2), ',')) {
      item = trim_blanks(item);
      double percent = -1;
      const auto read = std::from_chars(item.data(), item.data() + item.size(), percent);
      if (read.ec != std::errc() || read.ptr != item.data() + item.size() ||
          !(percent >= 0 && percent <= 100)) {
        return fail(c.error(i, "a percentile is a number between 0 and 100"));
      }
      percents.push_back(percent);
    }
  }
  return percents;
}

/// Nearest rank. The factor undoes products such as 0.07 * 100 = 7.000000000000001, which would
/// take the next rank.
Value rank_of(const Value& value, const Sql& weight, double percent) {
  const bool times = value.type == Type::kDateTime;
  const Sql number = call("toNullable", {times ? ticks_of(value.sql) : value.sql});
  const Sql rank = parametric("quantileExactWeighted", {param_real(percent / 100 * (1 - 1e-12))},
                              {number, weight});
  return times ? cast_value(Type::kDateTime, datetime_of(rank), true)
               : cast_value(value.type, rank, true);
}

/// Weights below 1 count no rows.
Sql weight_of(const Value& weight) {
  return call(
      "toUInt64",
      {call("greatest", {if_null(cast(weight.sql, "Nullable(Int64)"), int64(0)), int64(0)})});
}

Result<std::vector<Value>> weighted(const Call& c) {
  std::vector<Value> values;
  for (std::size_t i = 2; i < c.size(); ++i) {
    const double percent = TRY(percent_of(c, i, c[i]));
    Value value = rank_of(c[0], weight_of(c[1]), percent);
    char digits[40];
    std::string shown(digits, std::to_chars(digits, digits + sizeof digits, percent).ptr);
    std::replace(shown.begin(), shown.end(), '.', '_');
    value.name = "percentile_" + c[0].name + "_" + shown;
    values.push_back(std::move(value));
  }
  return values;
}

Result<Value> ranks_array(const Call& c, bool with_weight) {
  const auto percents = TRY(percents_of(c, with_weight ? 2 : 1));
  std::vector<Sql> texts;
  for (const double percent : percents) {
    texts.push_back(json_of(rank_of(c[0], with_weight ? weight_of(c[1]) : keyword("1"), percent)));
  }
  return array_value(array(std::move(texts)));
}

}  // namespace

void add_aggregates_more(Registry& registry) {
  constexpr TypeSet kMeasures = kNumbers | kDateTimes | kTimespans;
  const ArgSpec value{"value", kMeasures, "a value a row"};
  const ArgSpec weight{"weight", kIntegers, "how often the row counts"};
  const ArgSpec percentile{"percentile", kNumbers, "0 to 100", true};
  const ArgSpec percentiles{"percentiles", kNumbers | kDynamics, "0 to 100, or an array of such",
                            true};
  constexpr std::string_view kRows = "range n from 1 to 3 step 1 | summarize ";
  static const std::string kExamples[] = {
      std::string(kRows) + "covariance(n, n)", std::string(kRows) + "covarianceif(n, n, n < 3)",
      std::string(kRows) + "covariancep(n, n)", std::string(kRows) + "covariancepif(n, n, n < 3)"};
  const Covariance kinds[] = {{"covariance", "covarSampStable", false, 2},
                              {"covarianceif", "covarSampStable", true, 2},
                              {"covariancep", "covarPopStable", false, 1},
                              {"covariancepif", "covarPopStable", true, 1}};
  for (std::size_t i = 0; i < 4; ++i) {
    const Covariance kind = kinds[i];
    std::vector<ArgSpec> args{{"x", kNumbers, "a number a row"}, {"y", kNumbers, "a number a row"}};
    if (kind.predicate) {
      args.push_back({"predicate", kBools, "rows to take"});
    }
    const auto count = static_cast<std::uint16_t>(args.size());
    registry.add(AggregateSpec{.name = kind.name,
                               .min_args = count,
                               .max_args = count,
                               .args = std::move(args),
                               .doc = i < 2
                                          ? "Covariance of two numbers over a sample; of nothing 0"
                                          : "Covariance of two numbers over a whole; of nothing 0",
                               .example = kExamples[i],
                               .emit_many = [kind](const Call& c) { return covariance(c, kind); }});
  }
  registry.add(
      AggregateSpec{.name = "percentilew",
                    .min_args = 3,
                    .max_args = 3,
                    .args = {value, weight, percentile},
                    .doc = "A percentile of rows that count several times (nearest rank)",
                    .example = "range n from 1 to 3 step 1 | summarize percentilew(n, n, 50)",
                    .emit_many = weighted});
  registry.add(
      AggregateSpec{.name = "percentilesw",
                    .min_args = 3,
                    .max_args = kMany,
                    .args = {value, weight, percentile},
                    .doc = "Several percentiles of rows that count several times, a column each",
                    .example = "range n from 1 to 3 step 1 | summarize percentilesw(n, n, 50, 95)",
                    .emit_many = weighted});
  registry.add(AggregateSpec{
      .name = "percentiles_array",
      .min_args = 2,
      .max_args = kMany,
      .args = {value, percentiles},
      .prefix = "percentiles_",
      .doc = "Several percentiles as an array (nearest rank)",
      .example = "range n from 1 to 4 step 1 | summarize percentiles_array(n, 50, 95)",
      .emit = [](const Call& c) { return ranks_array(c, false); }});
  registry.add(AggregateSpec{
      .name = "percentilesw_array",
      .min_args = 3,
      .max_args = kMany,
      .args = {value, weight, percentiles},
      .prefix = "percentiles_",
      .doc = "Several percentiles of rows that count several times, as an array",
      .example =
          "range n from 1 to 3 step 1 | summarize percentilesw_array(n, n, dynamic([50, 95]))",
      .emit = [](const Call& c) { return ranks_array(c, true); }});
  registry.add(AggregateSpec{
      .name = "count_distinctif",
      .min_args = 2,
      .max_args = 2,
      .args = {{"value", kAnyType, "a value a row"}, {"predicate", kBools, "rows to take"}},
      .prefix = "count_distinctif_",
      .doc = "Number of distinct values of the rows for which the predicate holds, exact",
      .example = "range n from 1 to 3 step 1 | summarize count_distinctif(n, n > 1)",
      .emit = [](const Call& c) -> Result<Value> {
        const Sql key = c[0].type == Type::kDynamic ? dynamic_of(c[0]) : c[0].sql;
        return cast_value(Type::kLong, call("uniqExactIf", {key, holds(c[1])}), false);
      }});
}

}  // namespace spoor::kql
