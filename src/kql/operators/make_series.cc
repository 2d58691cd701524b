// make-series: aggregates over the steps of an axis, one array a group; steps without rows get a
// default.

#include <algorithm>

#include "base/ticks.h"
#include "kql/emit/forms.h"
#include "kql/operators/operators.h"
#include "kql/syntax/parser.h"

namespace spoor::kql {

Result<void> Parser::make_series(Operator& op) {
  TRY_VOID(options(op));
  do {
    op.exprs.push_back(TRY(named()));
    op.values.push_back(nullptr);
    if (accept("default")) {
      TRY_VOID(expect("="));
      op.values.back() = TRY(unary());
    }
  } while (accept(","));
  TRY_VOID(expect("on"));
  // An axis is no comparison: "in range(…)" behind it is the old form of the bounds.
  auto axis = TRY(make(Expr::Kind::kNamed, peek().span.begin));
  if (peek().kind == Token::Kind::kName && at("=", 1)) {
    axis->names.push_back(take().text);
    take();
  }
  axis->children.push_back(TRY(arithmetic(0)));
  op.options["on"] = TRY(finish(std::move(axis)));
  if (at("in") && at("range", 1)) {
    take();
    take();
    TRY_VOID(expect("("));
    op.options["from"] = TRY(expression());
    TRY_VOID(expect(","));
    // The old form counts its end in.
    op.options["until"] = TRY(expression());
    TRY_VOID(expect(","));
    op.options["step"] = TRY(expression());
    TRY_VOID(expect(")"));
  } else {
    if (accept("from")) {
      op.options["from"] = TRY(expression());
    }
    if (accept("to")) {
      op.options["to"] = TRY(expression());
    }
    TRY_VOID(expect("step"));
    op.options["step"] = TRY(expression());
  }
  if (accept("by")) {
    op.has_by = true;
    TRY_VOID(list(op.by, true));
  }
  return {};
}

namespace {

constexpr std::int64_t kMostSteps = 1'048'576;

struct Axis {
  std::string name;
  Type type = Type::kLong;
  Sql position;  ///< ticks or number
  bool nullable = false;
  std::optional<std::int64_t> from;
  std::optional<std::int64_t> to;
  std::int64_t step = 1;
};

Result<Axis> read_axis(Binder& binder, const Operator& op, const Relation& input,
                       const EnvPtr& env) {
  const Expr& given = *op.option("on");
  const Expr& expr = *given.children[0];
  Scope scope{.row = &input, .env = env};
  const Value value = TRY(binder.scalar(expr, scope));
  Axis axis;
  axis.name = given.names.empty() ? value.name : given.names[0];
  if (axis.name.empty()) {
    axis.name = "Column1";
  }
  axis.type = value.type == Type::kInt ? Type::kLong : value.type;
  axis.nullable = value.nullable;
  if (axis.type != Type::kLong && axis.type != Type::kDateTime && axis.type != Type::kTimespan) {
    return fail(error_at(expr.span, ErrorCode::kUnsupported,
                         "make-series on " + std::string(schema::type_name(value.type)) +
                             " is not supported; on datetime, timespan and long it is"));
  }
  axis.position =
      axis.type == Type::kDateTime ? ticks_of(value.sql) : kql::call("toInt64", {value.sql});
  const auto number = [&](std::string_view key, Type type) -> Result<std::optional<std::int64_t>> {
    const Expr* option = op.option(key);
    if (option == nullptr) {
      return std::nullopt;
    }
    const Value constant =
        TRY(binder.converted(TRY(binder.constant(*option, env)), type, option->span));
    const auto found = constant.number();
    if (!found) {
      return fail(error_at(option->span, ErrorCode::kInvalidInput,
                           "make-series needs a value that is not null here"));
    }
    return found;
  };
  axis.from = TRY(number("from", axis.type));
  axis.to = TRY(number("to", axis.type));
  const Type step_type = axis.type == Type::kDateTime ? Type::kTimespan : axis.type;
  axis.step = TRY(number("step", step_type)).value_or(1);
  if (axis.step <= 0) {
    return fail(error_at(op.option("step")->span, ErrorCode::kInvalidInput,
                         "the step of make-series must be more than 0"));
  }
  if (const auto until = TRY(number("until", axis.type))) {
    axis.to = *until + 1;
  }
  if (axis.from && axis.to) {
    const __int128 span = static_cast<__int128>(*axis.to) - *axis.from;
    if (span <= 0) {
      return fail(error_at(op.span, ErrorCode::kInvalidInput,
                           "the end of make-series must be behind its start"));
    }
    if ((span + axis.step - 1) / axis.step > kMostSteps) {
      return fail(
          error_at(op.span, ErrorCode::kLimit, "make-series makes more than 1,048,576 steps"));
    }
  }
  return axis;
}

/// What the steps are counted from: the start, or 0 of the axis as bin() counts.
std::int64_t origin_of(const Axis& axis) {
  return axis.from ? *axis.from : axis.type == Type::kDateTime ? kYearOne : 0;
}

}  // namespace

Bound bind_make_series(Binder& binder, const Operator& op, Relation input, const EnvPtr& env) {
  const Expr* kind = op.option("kind");
  const bool nonempty = kind != nullptr && kind->text == "nonempty";
  if (kind != nullptr && !nonempty) {
    return fail(error_at(kind->span, ErrorCode::kInvalidInput,
                         "unknown kind of make-series: " + kind->text));
  }
  const Axis axis = TRY(read_axis(binder, op, input, env));
  const std::int64_t origin = origin_of(axis);
  auto filter = node_over(Node::Kind::kFilter, input.plan);
  if (axis.nullable) {
    filter->predicates.push_back(call("isNotNull", {axis.position}));
  }
  if (axis.from) {
    filter->predicates.push_back(infix(">=", axis.position, param_int(*axis.from)));
  }
  if (axis.to) {
    filter->predicates.push_back(infix("<", axis.position, param_int(*axis.to)));
  }
  auto stepped =
      node_over(Node::Kind::kProject, filter->predicates.empty() ? input.plan : NodePtr(filter));
  const Sql plain = axis.nullable ? call("assumeNotNull", {axis.position}) : axis.position;
  const Sql offset = infix("-", plain, int64(origin));
  Column bin = binder.define(
      *stepped, "$bin",
      make_value(Type::kLong,
                 call("intDiv", {infix("-", offset, positive_modulo(offset, param_int(axis.step))),
                                 param_int(axis.step)}),
                 false));
  input.plan = std::move(stepped);
  // One row a group and step, then one row a group.
  const Relation steps = TRY(bind_summarize(binder, op, std::move(input), env, {bin}));
  const auto bin_at = static_cast<std::size_t>(steps.find("$bin") - steps.columns.data());
  auto group = node_over(Node::Kind::kAggregate, steps.plan);
  Relation made;
  for (std::size_t i = 0; i < bin_at; ++i) {
    const Column& key = steps.columns[i];
    const ColumnId id = binder.fresh();
    group->keys.push_back({id, key.value.sql});
    Column column;
    column.name = key.name;
    column.value = make_value(key.value.type, kql::column(id), key.value.nullable);
    column.value.name = key.name;
    made.columns.push_back(std::move(column));
  }
  std::vector<Sql> fields{steps.columns[bin_at].value.sql};
  for (std::size_t i = bin_at + 1; i < steps.columns.size(); ++i) {
    fields.push_back(json_of(steps.columns[i].value));
  }
  const ColumnId cells = binder.fresh();
  group->definitions.push_back({cells, call("groupArray", {tuple(fields)})});
  NodePtr plan = group;
  if (bin_at == 0 && !nonempty) {
    auto some = node_over(Node::Kind::kFilter, plan);
    some->predicates.push_back(call("notEmpty", {column(cells)}));
    plan = some;
  }
  const auto field = [&](std::int64_t at) {
    return call("arrayMap",
                {lambda([at](const Sql& cell) { return member(cell, at); }), column(cells)});
  };
  auto bounds = node_over(Node::Kind::kProject, plan);
  const ColumnId bins = binder.fresh();
  bounds->definitions.push_back({bins, field(1)});
  auto ranged = node_over(Node::Kind::kProject, bounds);
  const ColumnId range = binder.fresh();
  const auto last_of = [&](std::int64_t end) { return (end - origin + axis.step - 1) / axis.step; };
  const Sql low =
      axis.from ? int64(0)
                : if_(call("empty", {column(bins)}), int64(0), call("arrayMin", {column(bins)}));
  const Sql high = axis.to && axis.from
                       ? param_int(last_of(*axis.to))
                       : if_(call("empty", {column(bins)}), int64(0),
                             infix("+", call("arrayMax", {column(bins)}), int64(1)));
  ranged->definitions.push_back(
      {range,
       call("range", {call("toInt64", {low}),
                      call("least", {call("toInt64", {high}),
                                     infix("+", call("toInt64", {low}), int64(kMostSteps))})})});
  auto node = node_over(Node::Kind::kProject, ranged);
  for (std::size_t i = bin_at + 1; i < steps.columns.size(); ++i) {
    const std::size_t at = i - bin_at - 1;
    Sql otherwise = quoted("0");
    if (at < op.values.size() && op.values[at]) {
      otherwise = json_of(TRY(binder.constant(*op.values[at], env)));
    } else if (steps.columns[i].value.type == Type::kTimespan) {
      otherwise = quoted("\"00:00:00\"");
    }
    const Sql values = field(static_cast<std::int64_t>(at) + 2);
    Value series = array_value(once(values, [&](const Sql& found) {
      return call("arrayMap", {lambda([&](const Sql& step) {
                                 const Sql place = call("indexOf", {column(bins), step});
                                 return if_(equals(place, keyword("0")), otherwise,
                                            element(found, place));
                               }),
                               column(range)});
    }));
    made.columns.push_back(binder.define(*node, steps.columns[i].name, series));
  }
  Value line = array_value(call(
      "arrayMap", {lambda([&](const Sql& step) {
                     const Sql at =
                         infix("+", int64(origin), infix("*", step, param_int(axis.step)));
                     return json_of(make_value(
                         axis.type, axis.type == Type::kDateTime ? datetime_of(at) : at, false));
                   }),
                   column(range)}));
  made.columns.push_back(binder.define(*node, free_name(axis.name, made.columns), line));
  made.plan = std::move(node);
  return made;
}

}  // namespace spoor::kql
