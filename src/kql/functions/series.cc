// Arithmetic over arrays of numbers: series_add, series_sum, series_fill_linear and their kin.

#include <array>

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

/// Array(Nullable(Float64)) of the elements; what is no number is NULL.
Sql numbers_of(const Value& value) {
  return call("arrayMap", {lambda([](const Sql& json) { return call("toFloat64OrNull", {json}); }),
                           array_of(value)});
}

Sql real_json(const Sql& real) { return if_null(call("toJSONString", {real}), quoted("null")); }

Value series_value(Sql reals) {
  return array_value(call(
      "arrayMap", {lambda([](const Sql& real) { return real_json(real); }), std::move(reals)}));
}

using Step = Sql (*)(Sql);

/// Both series at one length: what is missing is NULL, a lone number stands for every element.
Sql paired(const Call& c, const std::function<Sql(Sql, Sql)>& step) {
  const auto side = [&](const Value& value) {
    return value.type == Type::kDynamic ? numbers_of(value) : Sql();
  };
  const Sql left = side(c[0]);
  const Sql right = side(c[1]);
  const auto size = [](const Sql& series) { return call("length", {series}); };
  const Sql count =
      left && right ? call("greatest", {size(left), size(right)}) : size(left ? left : right);
  const auto stretched = [&](const Sql& series, const Value& value) {
    const Sql fill = cast(series ? null() : value.sql, "Nullable(Float64)");
    return call("arrayResize",
                {series ? series : keyword("CAST([] AS Array(Nullable(Float64)))"), count, fill});
  };
  return call("arrayMap",
              {lambda(2, [&](std::span<const Sql> pair) { return step(pair[0], pair[1]); }),
               stretched(left, c[0]), stretched(right, c[1])});
}

struct Elementwise {
  std::string_view name;
  std::string_view doc;
  std::string_view example;
  Step step;
};

Sql plain(std::string_view function, Sql value) { return call(function, {std::move(value)}); }

constexpr std::array kUnary = {
    Elementwise{"series_abs", "Absolute values", "print series_abs(dynamic([-1,2]))",
                [](Sql x) { return plain("abs", std::move(x)); }},
    Elementwise{"series_acos", "Arc cosines", "print series_acos(dynamic([1]))",
                [](Sql x) { return plain("acos", std::move(x)); }},
    Elementwise{"series_asin", "Arc sines", "print series_asin(dynamic([0]))",
                [](Sql x) { return plain("asin", std::move(x)); }},
    Elementwise{"series_atan", "Arc tangents", "print series_atan(dynamic([0]))",
                [](Sql x) { return plain("atan", std::move(x)); }},
    Elementwise{"series_ceiling", "Numbers rounded up", "print series_ceiling(dynamic([1.5]))",
                [](Sql x) { return plain("ceil", std::move(x)); }},
    Elementwise{"series_cos", "Cosines", "print series_cos(dynamic([0]))",
                [](Sql x) { return plain("cos", std::move(x)); }},
    Elementwise{"series_exp", "Powers of e", "print series_exp(dynamic([0]))",
                [](Sql x) { return plain("exp", std::move(x)); }},
    Elementwise{"series_floor", "Numbers rounded down", "print series_floor(dynamic([1.5]))",
                [](Sql x) { return plain("floor", std::move(x)); }},
    Elementwise{"series_log", "Natural logarithms", "print series_log(dynamic([1]))",
                [](Sql x) { return plain("log", std::move(x)); }},
    Elementwise{"series_sign", "Signs: -1, 0 or 1", "print series_sign(dynamic([-5,0,5]))",
                [](Sql x) { return plain("sign", std::move(x)); }},
    Elementwise{"series_sin", "Sines", "print series_sin(dynamic([0]))",
                [](Sql x) { return plain("sin", std::move(x)); }},
    Elementwise{"series_tan", "Tangents", "print series_tan(dynamic([0]))",
                [](Sql x) { return plain("tan", std::move(x)); }},
};

struct Pairwise {
  std::string_view name;
  std::string_view op;
  std::string_view doc;
  std::string_view example;
  bool predicate;
};

constexpr std::array kBinary = {
    Pairwise{"series_add", "+", "Sums of the elements at equal places",
             "print series_add(dynamic([1,2]), dynamic([3,4]))", false},
    Pairwise{"series_subtract", "-", "Differences of the elements at equal places",
             "print series_subtract(dynamic([1,2]), dynamic([3,5]))", false},
    Pairwise{"series_multiply", "*", "Products of the elements at equal places",
             "print series_multiply(dynamic([1,2]), dynamic([3,4]))", false},
    Pairwise{"series_divide", "/", "Quotients of the elements at equal places",
             "print series_divide(dynamic([1,2]), dynamic([4,2]))", false},
    Pairwise{"series_equals", "=", "Whether elements at equal places are equal",
             "print series_equals(dynamic([1,2]), dynamic([1,3]))", true},
    Pairwise{"series_not_equals", "!=", "Whether elements at equal places differ",
             "print series_not_equals(dynamic([1,2]), dynamic([1,3]))", true},
    Pairwise{"series_less", "<", "Whether elements of the first are less than those of the second",
             "print series_less(dynamic([1,2]), dynamic([1,3]))", true},
    Pairwise{"series_less_equals",
             "<=", "Whether elements of the first are at most those of the second",
             "print series_less_equals(dynamic([1,2]), dynamic([1,1]))", true},
    Pairwise{"series_greater", ">",
             "Whether elements of the first are greater than those of the second",
             "print series_greater(dynamic([2,2]), dynamic([1,3]))", true},
    Pairwise{"series_greater_equals",
             ">=", "Whether elements of the first are at least those of the second",
             "print series_greater_equals(dynamic([2,2]), dynamic([1,3]))", true},
};

Sql bool_json(const Sql& predicate) {
  return if_null(if_(predicate, quoted("true"), if_(is_null(predicate), null(), quoted("false"))),
                 quoted("null"));
}

Value real_value(Sql real) { return cast_value(Type::kReal, std::move(real), true); }

Sql sum_of(Sql reals) { return call("arrayReduce", {quoted("sum"), std::move(reals)}); }

Result<Value> dot_product(const Call& c) {
  return real_value(sum_of(paired(c, [](const Sql& x, const Sql& y) { return infix("*", x, y); })));
}

Result<Value> cosine(const Call& c) {
  const Sql dot = sum_of(paired(c, [](const Sql& x, const Sql& y) { return infix("*", x, y); }));
  const auto size = [](const Value& value) {
    return call("sqrt",
                {sum_of(call("arrayMap", {lambda([](const Sql& x) { return infix("*", x, x); }),
                                          numbers_of(value)}))});
  };
  return real_value(infix("/", dot, infix("*", size(c[0]), size(c[1]))));
}

Result<Value> pearson(const Call& c) {
  return real_value(call("arrayReduce", {quoted("corr"), numbers_of(c[0]), numbers_of(c[1])}));
}

/// Elements that are missing: null, or equal to the placeholder that the call gives.
Sql missing(const Call& c, std::size_t placeholder, const Sql& json) {
  const Sql absent = equals(json, quoted("null"));
  if (c.size() <= placeholder || c[placeholder].is_null_constant()) {
    return absent;
  }
  return infix("OR", absent,
               if_null(equals(call("toFloat64OrNull", {json}),
                              cast(c[placeholder].sql, "Nullable(Float64)")),
                       boolean(false)));
}

Result<Value> fill_const(const Call& c) {
  const Sql fill = c.size() > 1 ? json_of(c[1]) : quoted("0");
  return array_value(call(
      "arrayMap", {lambda([&](const Sql& json) { return if_(missing(c, 2, json), fill, json); }),
                   array_of(c[0])}));
}

Result<Value> fill_from_neighbour(const Call& c, bool forward) {
  const Sql blank =
      call("arrayMap", {lambda([&](const Sql& json) {
                          return if_(missing(c, 1, json), null(), call("toNullable", {json}));
                        }),
                        array_of(c[0])});
  const Sql filled =
      call(forward ? "arrayFill" : "arrayReverseFill",
           {lambda([](const Sql& json) { return call("isNotNull", {json}); }), blank});
  return array_value(call(
      "arrayMap", {lambda([](const Sql& json) { return if_null(json, quoted("null")); }), filled}));
}

/// Between two known neighbours on the straight line; at the ends the nearest known, or null.
Result<Value> fill_linear(const Call& c) {
  bool fill_edges = true;
  if (c.size() > 2 && c[2].constant) {
    const bool* given = std::get_if<bool>(&*c[2].constant);
    fill_edges = given == nullptr || *given;
  }
  const Sql fallback =
      c.size() > 3 ? cast(c[3].sql, "Nullable(Float64)") : cast(keyword("0"), "Nullable(Float64)");
  const Sql texts = array_of(c[0]);
  return array_value(once(texts, [&](const Sql& elements) {
    return once(
        call("arrayMap", {lambda([&](const Sql& json) {
                            return if_(missing(c, 1, json), null(),
                                       call("toFloat64OrNull", {json}));
                          }),
                          elements}),
        [&](const Sql& reals) {
          const Sql places =
              call("arrayMap", {lambda(2,
                                       [](std::span<const Sql> x) {
                                         return if_(is_null(x[0]), null(), call("toInt64", {x[1]}));
                                       }),
                                reals, call("arrayEnumerate", {reals})});
          const auto filled = [&](const Sql& array, std::string_view function) {
            return call(function,
                        {lambda([](const Sql& x) { return call("isNotNull", {x}); }), array});
          };
          const Sql body = lambda(5, [&](std::span<const Sql> x) {
            const Sql before = x[0], after = x[1], left = x[2], right = x[3], place = x[4];
            const Sql line =
                infix("+", before,
                      infix("/", infix("*", infix("-", after, before), infix("-", place, left)),
                            infix("-", right, left)));
            const Sql edge = fill_edges ? call("coalesce", {before, after, fallback}) : null();
            return real_json(call("multiIf", {infix("OR", is_null(left), is_null(right)), edge,
                                              equals(left, right), before, line}));
          });
          return call("arrayMap",
                      {body, filled(reals, "arrayFill"), filled(reals, "arrayReverseFill"),
                       filled(places, "arrayFill"), filled(places, "arrayReverseFill"),
                       call("arrayEnumerate", {reals})});
        });
  }));
}

Result<Value> stats_bag(const Call& c) {
  return dynamic_value(once(numbers_of(c[0]), [](const Sql& all) {
    const Sql known = call(
        "arrayMap",
        {lambda([](const Sql& x) { return call("assumeNotNull", {x}); }),
         call("arrayFilter", {lambda([](const Sql& x) { return call("isNotNull", {x}); }), all})});
    const auto reduced = [&](std::string_view function) {
      return call("arrayReduce", {quoted(function), known});
    };
    const auto place = [&](std::string_view function) {
      return call(
          "toString",
          {infix("-", call("toInt64", {call("indexOf", {all, reduced(function)})}), int64(1))});
    };
    std::vector<Sql> parts;
    const auto add = [&](std::string_view key, Sql text) {
      parts.push_back(quoted((parts.empty() ? "{\"" : ",\"") + std::string(key) + "\":"));
      parts.push_back(std::move(text));
    };
    add("min", real_json(reduced("min")));
    add("min_idx", place("min"));
    add("max", real_json(reduced("max")));
    add("max_idx", place("max"));
    add("avg", real_json(reduced("avg")));
    add("stdev", real_json(reduced("stddevSampStable")));
    add("variance", real_json(reduced("varSampStable")));
    parts.push_back(quoted("}"));
    return if_(call("empty", {known}), quoted(""), call("concat", std::move(parts)));
  }));
}

}  // namespace

void add_series(Registry& registry) {
  const ArgSpec series{"series", kDynamics, "an array of numbers"};
  const ArgSpec operand{"series", kDynamics | kNumbers,
                        "an array of numbers, or one number for every place"};
  for (const Elementwise& each : kUnary) {
    registry.add(FunctionSpec{
        .name = each.name,
        .min_args = 1,
        .max_args = 1,
        .args = {series},
        .doc = each.doc,
        .example = each.example,
        .emit = [step = each.step](const Call& c) -> Result<Value> {
          return series_value(
              call("arrayMap",
                   {lambda([step](Sql x) { return step(std::move(x)); }), numbers_of(c[0])}));
        }});
  }
  for (const Pairwise& each : kBinary) {
    registry.add(FunctionSpec{.name = each.name,
                              .min_args = 2,
                              .max_args = 2,
                              .args = {operand},
                              .doc = each.doc,
                              .example = each.example,
                              .emit = [each](const Call& c) -> Result<Value> {
                                if (c[0].type != Type::kDynamic && c[1].type != Type::kDynamic) {
                                  return fail(c.error(0, "one side must be an array of numbers"));
                                }
                                if (each.predicate) {
                                  return array_value(paired(c, [&](const Sql& x, const Sql& y) {
                                    return bool_json(infix(each.op, x, y));
                                  }));
                                }
                                return series_value(paired(c, [&](const Sql& x, const Sql& y) {
                                  return infix(each.op, x, y);
                                }));
                              }});
  }
  registry.add(FunctionSpec{.name = "series_pow",
                            .min_args = 2,
                            .max_args = 2,
                            .args = {operand},
                            .doc = "Powers of the elements of the first by those of the second",
                            .example = "print series_pow(dynamic([1,2]), dynamic([3,3]))",
                            .emit = [](const Call& c) -> Result<Value> {
                              if (c[0].type != Type::kDynamic && c[1].type != Type::kDynamic) {
                                return fail(c.error(0, "one side must be an array of numbers"));
                              }
                              return series_value(paired(c, [](const Sql& x, const Sql& y) {
                                return call("pow", {x, y});
                              }));
                            }});
  const auto summary = [&](std::string_view name, std::string_view doc, std::string_view example,
                           std::uint16_t arguments,
                           std::function<Result<Value>(const Call&)> emit) {
    registry.add(FunctionSpec{.name = name,
                              .min_args = arguments,
                              .max_args = arguments,
                              .args = {operand},
                              .doc = doc,
                              .example = example,
                              .emit = std::move(emit)});
  };
  summary("series_sum", "Sum of the numbers of an array", "print series_sum(dynamic([1,2,3]))", 1,
          [](const Call& c) -> Result<Value> { return real_value(sum_of(numbers_of(c[0]))); });
  summary("series_product", "Product of the numbers of an array",
          "print series_product(dynamic([1,2,3,4]))", 1, [](const Call& c) -> Result<Value> {
            const Sql known = call(
                "arrayMap",
                {lambda([](const Sql& x) { return if_null(x, keyword("1.")); }), numbers_of(c[0])});
            return real_value(call("arrayProduct", {known}));
          });
  summary(
      "series_magnitude", "Square root of the sum of the squares",
      "print series_magnitude(dynamic([3,4]))", 1, [](const Call& c) -> Result<Value> {
        return real_value(call(
            "sqrt", {sum_of(call("arrayMap", {lambda([](const Sql& x) { return infix("*", x, x); }),
                                              numbers_of(c[0])}))}));
      });
  summary("series_dot_product", "Sum of the products of the elements at equal places",
          "print series_dot_product(dynamic([1,2,4]), dynamic([4,2,1]))", 2, dot_product);
  summary("series_cosine_similarity", "Cosine of the angle between two arrays taken as vectors",
          "print series_cosine_similarity(dynamic([1,0]), dynamic([1,0]))", 2, cosine);
  summary("series_pearson_correlation", "Pearson's coefficient of correlation of two arrays",
          "print series_pearson_correlation(dynamic([1,2,3]), dynamic([2,4,6]))", 2, pearson);
  registry.add(FunctionSpec{
      .name = "series_stats_dynamic",
      .min_args = 1,
      .max_args = 2,
      .args = {series,
               {"ignore_nonfinite", kBools, "read and not used: what is no number is left out"}},
      .doc = "A bag of least, greatest, average, deviation and variance of an array",
      .example = "print series_stats_dynamic(dynamic([1,2,3]))",
      .emit = stats_bag});
  registry.add(FunctionSpec{.name = "series_fill_const",
                            .min_args = 1,
                            .max_args = 3,
                            .args = {series,
                                     {"value", kNumbers, "what fills the gaps, else 0"},
                                     {"placeholder", kNumbers, "number that stands for a gap"}},
                            .doc = "The array with its gaps filled with one number",
                            .example = "print series_fill_const(dynamic([1,null,3]), -1)",
                            .emit = fill_const});
  for (const bool forward : {true, false}) {
    registry.add(FunctionSpec{
        .name = forward ? "series_fill_forward" : "series_fill_backward",
        .min_args = 1,
        .max_args = 2,
        .args = {series, {"placeholder", kNumbers, "number that stands for a gap"}},
        .doc = forward ? "The array with each gap filled with the last number before it"
                       : "The array with each gap filled with the first number after it",
        .example = forward ? "print series_fill_forward(dynamic([1,null,3]))"
                           : "print series_fill_backward(dynamic([1,null,3]))",
        .emit = [forward](const Call& c) { return fill_from_neighbour(c, forward); }});
  }
  registry.add(FunctionSpec{
      .name = "series_fill_linear",
      .min_args = 1,
      .max_args = 4,
      .args = {series,
               {"placeholder", kNumbers, "number that stands for a gap"},
               {"fill_edges", kBools, "whether gaps at the ends take the nearest number", true},
               {"value", kNumbers, "what fills an array of gaps only"}},
      .doc = "The array with its gaps filled on the straight line between the numbers around them",
      .example = "print series_fill_linear(dynamic([1,null,3]))",
      .difference = "the filled numbers of an array of whole numbers are not rounded down",
      .emit = fill_linear});
}

}  // namespace spoor::kql
