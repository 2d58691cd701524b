// Comparison and arithmetic (kql-semantics 2).

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "base/ticks.h"
#include "kql/bind/binder.h"
#include "kql/emit/forms.h"
#include "kql/emit/terms.h"

namespace spoor::kql {
namespace {

std::string type_text(Type type) { return std::string(schema::type_name(type)); }

Value number_of_dynamic(const Value& value) {
  Value made = make_value(
      Type::kReal,
      once(dynamic_of(value),
           [](const Sql& json) {
             return if_(infix("IN", kql::call("JSONType", {json}),
                              keyword("('Int64', 'UInt64', 'Double')")),
                        kql::call("JSONExtract", {json, quoted("Nullable(Float64)")}), null());
           }),
      true);
  return made;
}

}  // namespace

std::optional<Sql> hex_equals(const Value& left, const std::string& text, bool any_case) {
  if (left.column == nullptr || left.column->storage != schema::Storage::kHex) {
    return std::nullopt;
  }
  if (text.empty()) {
    return equals(
        left.raw,
        kql::call("toFixedString", {quoted(""), keyword(std::to_string(left.column->hex_bytes))}));
  }
  const bool lower = to_ascii_lower(text) == text;
  if (text.size() != std::size_t{2} * left.column->hex_bytes || !unhex(text) ||
      (!any_case && !lower)) {
    return boolean(false);
  }
  return equals(left.raw,
                kql::call("toFixedString", {kql::call("unhex", {param_text(text)}),
                                            keyword(std::to_string(left.column->hex_bytes))}));
}

Result<Value> Binder::compare(std::string_view op, Value left, Value right, Span span,
                              bool keep_null) {
  const bool equality = op == "==" || op == "!=";
  // Dynamics compare as their values: texts with texts, numbers with numbers.
  for (auto* pair : {&left, &right}) {
    Value& one = *pair;
    const Value& other = pair == &left ? right : left;
    if (one.type != Type::kDynamic || other.type == Type::kDynamic || other.is_null_constant()) {
      continue;
    }
    if (other.type == Type::kString || other.type == Type::kGuid) {
      one = string_value(text_of(one));
    } else if (is_number(other.type)) {
      one = number_of_dynamic(one);
    } else if (other.type == Type::kBool) {
      const Sql json = dynamic_of(one);
      one =
          make_value(Type::kBool,
                     kql::call("multiIf", {equals(json, quoted("true")), boolean(true),
                                           equals(json, quoted("false")), boolean(false), null()}),
                     true);
    } else {
      return fail(error_at(span, ErrorCode::kInvalidInput,
                           "a dynamic cannot be compared with " + type_text(other.type) +
                               "; convert it, as with todatetime()"));
    }
  }
  if (left.type == Type::kDynamic && right.type == Type::kDynamic) {
    left = string_value(dynamic_of(left));
    right = string_value(dynamic_of(right));
  }
  if (left.type == Type::kGuid && right.type == Type::kString) {
    right.sql = kql::call("lower", {right.sql});
    right.type = Type::kGuid;
  } else if (right.type == Type::kGuid && left.type == Type::kString) {
    left.sql = kql::call("lower", {left.sql});
    left.type = Type::kGuid;
  }
  if (left.type == Type::kBool && is_number(right.type)) {
    left = cast_value(Type::kLong, left.sql, left.nullable);
  } else if (right.type == Type::kBool && is_number(left.type)) {
    right = cast_value(Type::kLong, right.sql, right.nullable);
  }
  if (left.is_null_constant() && left.type != right.type) {
    left = *widen(left, right.type);
  } else if (right.is_null_constant() && left.type != right.type) {
    right = *widen(right, left.type);
  }
  // A number against a number written as text.
  for (auto* pair : {&left, &right}) {
    Value& one = *pair;
    const Value& other = pair == &left ? right : left;
    if (one.type == Type::kString && one.text() != nullptr && is_number(other.type)) {
      if (const auto number = parse_int(*one.text())) {
        one = constant_value(Type::kLong, *number);
      }
    }
    if (one.type == Type::kString && one.text() != nullptr && other.type == Type::kBool) {
      const std::string text = to_ascii_lower(*one.text());
      if (text == "1" || text == "0" || text == "true" || text == "false") {
        one = constant_value(Type::kBool, text == "1" || text == "true");
      }
    }
  }
  const bool fits = left.type == right.type || (is_number(left.type) && is_number(right.type));
  if (!fits) {
    Error error =
        error_at(span, ErrorCode::kInvalidInput,
                 type_text(left.type) + " cannot be compared with " + type_text(right.type));
    error.hint = "convert one side, as with tostring(), tolong() or todatetime()";
    return fail(std::move(error));
  }
  if (equality && right.type == Type::kString && right.text() != nullptr) {
    if (auto hex = hex_equals(left, *right.text(), false)) {
      return make_value(Type::kBool, op == "==" ? *hex : not_(*hex), false);
    }
  }
  // A stored column without nulls is compared as it stands, so that keys and indexes serve.
  const std::string_view sql_op = op == "==" ? "=" : op;
  Sql plain = infix(sql_op, left.sql, right.sql);
  const bool nullable = left.nullable || right.nullable;
  if (!nullable) {
    return make_value(Type::kBool, std::move(plain), false);
  }
  if (!equality || !keep_null) {
    return make_value(Type::kBool, std::move(plain), true);
  }
  const bool both = left.nullable && right.nullable;
  const Sql otherwise = boolean(op == "!=");
  if (!both) {
    return make_value(Type::kBool, if_null(std::move(plain), otherwise), false);
  }
  return make_value(Type::kBool,
                    if_null(std::move(plain),
                            if_(infix("AND", is_null(left.sql), is_null(right.sql)),
                                cast(null(), "Nullable(Bool)"), cast(otherwise, "Nullable(Bool)"))),
                    true);
}

Result<Value> Binder::arithmetic(std::string_view op, const Value& a, const Value& b, Span span) {
  Value left = a;
  Value right = b;
  const auto refuse = [&]() {
    return fail(error_at(span, ErrorCode::kInvalidInput,
                         "'" + std::string(op) + "' does not work on " + type_text(a.type) +
                             " and " + type_text(b.type)));
  };
  for (Value* one : {&left, &right}) {
    if (one->type == Type::kDynamic && !one->is_null_constant()) {
      *one = number_of_dynamic(*one);
    }
    if (one->type == Type::kBool) {
      *one = cast_value(Type::kLong, one->sql, one->nullable);
    }
  }
  // A bare null takes the other side's type; a null of datetime(null) keeps its own.
  if (left.is_null_constant() && left.type == Type::kDynamic) {
    left = *widen(left, right.type == Type::kString || right.type == Type::kDynamic ? Type::kLong
                                                                                    : right.type);
  }
  if (right.is_null_constant() && right.type == Type::kDynamic) {
    right = *widen(right, left.type == Type::kString ? Type::kLong : left.type);
  }
  const bool nullable = left.nullable || right.nullable;
  const auto x = left.number();
  const auto y = right.number();
  if (is_number(left.type) && is_number(right.type)) {
    if (left.type == Type::kReal || right.type == Type::kReal) {
      const Sql p = left.type == Type::kReal ? left.sql
                                             : cast(left.sql, sql_type(Type::kReal, left.nullable));
      const Sql q = right.type == Type::kReal
                        ? right.sql
                        : cast(right.sql, sql_type(Type::kReal, right.nullable));
      if (op == "/") {
        return make_value(Type::kReal, one_nan(infix("/", p, q)), nullable);
      }
      if (op == "%") {
        return make_value(Type::kReal,
                          infix("-", p, infix("*", kql::call("floor", {infix("/", p, q)}), q)),
                          nullable);
      }
      return make_value(Type::kReal, infix(op, p, q), nullable);
    }
    if (x && y && op != "/" && op != "%") {
      const auto u = static_cast<std::uint64_t>(*x);
      const auto v = static_cast<std::uint64_t>(*y);
      return constant_value(Type::kLong, static_cast<std::int64_t>(op == "+"   ? u + v
                                                                   : op == "-" ? u - v
                                                                               : u * v));
    }
    const Sql p =
        left.type == Type::kLong ? left.sql : cast(left.sql, sql_type(Type::kLong, left.nullable));
    const Sql q = right.type == Type::kLong
                      ? right.sql
                      : cast(right.sql, sql_type(Type::kLong, right.nullable));
    const bool safe = y && *y != 0 && *y != -1;
    if (op == "/") {
      return cast_value(Type::kLong, kql::call(safe ? "intDiv" : "intDivOrNull", {p, q}),
                        nullable || !safe);
    }
    if (op == "%") {
      return cast_value(
          Type::kLong,
          kql::call("positiveModuloOrNull", {p, kql::call("toInt64", {kql::call("abs", {q})})}),
          true);
    }
    return make_value(Type::kLong, infix(op, p, q), nullable);
  }
  const bool plus_minus = op == "+" || op == "-";
  if (left.type == Type::kTimespan && right.type == Type::kTimespan) {
    if (plus_minus) {
      if (x && y) {
        return constant_value(
            Type::kTimespan, op == "+" ? static_cast<std::int64_t>(static_cast<std::uint64_t>(*x) +
                                                                   static_cast<std::uint64_t>(*y))
                                       : static_cast<std::int64_t>(static_cast<std::uint64_t>(*x) -
                                                                   static_cast<std::uint64_t>(*y)));
      }
      return make_value(Type::kTimespan, infix(op, left.sql, right.sql), nullable);
    }
    if (op == "/") {
      return make_value(Type::kReal,
                        one_nan(infix("/", kql::call("toFloat64", {left.sql}),
                                      kql::call("toFloat64", {right.sql}))),
                        nullable);
    }
    if (op == "%") {
      return cast_value(
          Type::kTimespan,
          kql::call("positiveModuloOrNull",
                    {left.sql, kql::call("toInt64", {kql::call("abs", {right.sql})})}),
          true);
    }
    return refuse();
  }
  if (left.type == Type::kDateTime && right.type == Type::kDateTime && op == "-") {
    if (x && y) {
      return constant_value(Type::kTimespan, *x - *y);
    }
    return make_value(Type::kTimespan, infix("-", ticks_of(left.sql), ticks_of(right.sql)),
                      nullable);
  }
  if (plus_minus &&
      ((left.type == Type::kDateTime && right.type == Type::kTimespan) ||
       (op == "+" && left.type == Type::kTimespan && right.type == Type::kDateTime))) {
    const Value& time = left.type == Type::kDateTime ? left : right;
    const Value& span_value = left.type == Type::kDateTime ? right : left;
    if (const auto t = time.number(); t && span_value.number()) {
      const __int128 sum = op == "+" ? static_cast<__int128>(*t) + *span_value.number()
                                     : static_cast<__int128>(*t) - *span_value.number();
      return sum < kYearOne || sum > kMaxTicks
                 ? constant_value(Type::kDateTime, std::monostate{})
                 : constant_value(Type::kDateTime, static_cast<std::int64_t>(sum));
    }
    return make_value(Type::kDateTime,
                      checked_datetime_of(infix(op, ticks_of(time.sql), span_value.sql)), true);
  }
  const bool left_span = left.type == Type::kTimespan && is_number(right.type);
  const bool right_span = right.type == Type::kTimespan && is_number(left.type);
  if ((op == "*" && (left_span || right_span)) || (op == "/" && left_span)) {
    const Value& number = left_span ? right : left;
    const Value& time = left_span ? left : right;
    if (const auto n = number.number(); n && time.number() && op == "*") {
      return constant_value(Type::kTimespan,
                            static_cast<std::int64_t>(static_cast<std::uint64_t>(*n) *
                                                      static_cast<std::uint64_t>(*time.number())));
    }
    if (op == "*" && is_integer(number.type)) {
      return cast_value(Type::kTimespan, infix("*", time.sql, number.sql), nullable);
    }
    const Sql product =
        infix(op, kql::call("toFloat64", {time.sql}), kql::call("toFloat64", {number.sql}));
    return make_value(
        Type::kTimespan,
        kql::call("accurateCastOrNull", {kql::call("round", {product}), quoted("Int64")}), true);
  }
  return refuse();
}

Result<Value> Binder::membership(const Expr& expr, Scope& scope) {
  std::string op = expr.text;
  const bool negated = op.starts_with('!');
  const std::string_view base = std::string_view(op).substr(negated ? 1 : 0);
  Value left = TRY(scalar(*expr.children[0], scope));
  left.name.clear();
  if (base == "has_any" || base == "has_all") {
    if (expr.children.size() == 2 && !is_table(*expr.children[1], scope.env)) {
      const Value list = TRY(evaluated(TRY(scalar(*expr.children[1], scope))));
      if (list.type == Type::kDynamic && !list.is_constant()) {
        Sql found = has_each_of(text_of(left), array_of(list), base == "has_all");
        return make_value(Type::kBool, negated ? not_(std::move(found)) : std::move(found), false);
      }
    }
    const auto needles = TRY(texts(expr, scope, op));
    if (base == "has_any" && needles.size() > 1) {
      Sql any = has_any_text(left, needles);
      return make_value(Type::kBool, negated ? not_(std::move(any)) : std::move(any), false);
    }
    std::vector<Sql> each;
    for (const auto& needle : needles) {
      each.push_back(TRY(text_operator("has", left, constant_value(Type::kString, needle),
                                       expr.span, expr.span))
                         .sql);
    }
    Sql all = base == "has_any" ? or_(std::move(each)) : and_(std::move(each));
    return make_value(Type::kBool, negated ? not_(std::move(all)) : std::move(all), false);
  }
  const bool any_case = base == "in~";
  // A table: membership of its first column.
  if (expr.children.size() == 2 && is_table(*expr.children[1], scope.env)) {
    const Relation list = TRY(table(*expr.children[1], scope.env));
    const Column* first = nullptr;
    for (const auto& column : list.columns) {
      first = first == nullptr && !column.hidden ? &column : first;
    }
    if (first == nullptr) {
      return fail(
          error_at(expr.children[1]->span, ErrorCode::kInvalidInput, "the table has no columns"));
    }
    Value member = first->value;
    if (left.type == Type::kDynamic) {
      left = string_value(text_of(left));
    }
    if (member.type == Type::kDynamic) {
      member = string_value(text_of(member));
    }
    if (left.type != member.type && !(is_number(left.type) && is_number(member.type))) {
      return fail(
          error_at(expr.span, ErrorCode::kInvalidInput,
                   type_text(left.type) + " cannot be looked up among " + type_text(member.type)));
    }
    auto node = node_over(Node::Kind::kProject, list.plan);
    const ColumnId id = fresh();
    Sql value = member.sql;
    if (any_case) {
      left.sql = kql::call("lowerUTF8", {left.sql});
      value = kql::call("lowerUTF8", {value});
    }
    node->definitions.push_back({id, value});
    auto membership_node = std::make_shared<SqlNode>();
    membership_node->kind = SqlNode::Kind::kIn;
    membership_node->text = negated ? "NOT IN" : "IN";
    membership_node->number = static_cast<std::int64_t>(add_subquery(node, kql::column(id)));
    membership_node->children = {left.sql};
    Sql sql = membership_node;
    return make_value(Type::kBool, left.nullable ? if_null(sql, boolean(negated)) : sql, false);
  }
  // A list of values: literals, constant dynamics, columns.
  std::vector<Value> items;
  std::vector<Span> spans;
  for (std::size_t i = 1; i < expr.children.size(); ++i) {
    Value item = TRY(scalar(*expr.children[i], scope));
    if (item.type == Type::kDynamic) {
      if (item.text() == nullptr || expr.children.size() > 2) {
        if (item.is_constant() && item.text() == nullptr) {
          continue;
        }
        if (expr.children.size() == 2) {
          const Sql list = array_of(item);
          const Sql needle = any_case ? kql::call("lowerUTF8", {text_of(left)}) : text_of(left);
          const Sql texts_of = kql::call(
              "arrayMap", {lambda([&](Sql each) {
                             return any_case
                                        ? kql::call("lowerUTF8", {dynamic_text(std::move(each))})
                                        : dynamic_text(std::move(each));
                           }),
                           list});
          Sql sql = kql::call("has", {texts_of, needle});
          return make_value(Type::kBool, negated ? not_(sql) : sql, false);
        }
      } else {
        for (auto& text : TRY(texts(expr, scope, op))) {
          items.push_back(constant_value(Type::kString, std::move(text)));
          spans.push_back(expr.children[i]->span);
        }
        continue;
      }
    }
    items.push_back(std::move(item));
    spans.push_back(expr.children[i]->span);
  }
  if (left.type == Type::kDynamic) {
    left = string_value(text_of(left));
  }
  bool plain_texts = left.type == Type::kString;
  for (auto& item : items) {
    if (left.type != Type::kString && item.type == Type::kString && item.text() != nullptr &&
        !is_number(left.type)) {
      continue;
    }
    if (is_number(left.type) && item.type == Type::kString && item.text() != nullptr) {
      if (const auto number = parse_int(*item.text())) {
        item = constant_value(Type::kLong, *number);
      }
    }
    plain_texts = plain_texts && item.text() != nullptr;
  }
  if (plain_texts) {
    const bool hex = left.column != nullptr && left.column->storage == schema::Storage::kHex;
    std::vector<std::string> values;
    bool ascii = true;
    for (const auto& item : items) {
      std::string text = any_case ? to_ascii_lower(*item.text()) : *item.text();
      ascii = ascii && std::all_of(text.begin(), text.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x80; });
      values.push_back(std::move(text));
    }
    Sql sql;
    if (values.empty()) {
      sql = boolean(false);
    } else if (hex) {
      std::vector<std::string> whole;
      std::vector<Sql> others;
      for (const auto& text : values) {
        if (text.empty()) {
          others.push_back(*hex_equals(left, text, any_case));
        } else if (text.size() == std::size_t{2} * left.column->hex_bytes && unhex(text) &&
                   (any_case || to_ascii_lower(text) == text)) {
          whole.push_back(text);
        }
      }
      if (!whole.empty()) {
        const Sql width = keyword(std::to_string(left.column->hex_bytes));
        std::vector<Sql> bytes;
        for (const auto& text : whole) {
          bytes.push_back(
              kql::call("toFixedString", {kql::call("unhex", {param_text(text)}), width}));
        }
        others.push_back(infix("IN", left.raw, tuple(std::move(bytes))));
      }
      sql = or_(std::move(others));
    } else if (!any_case) {
      sql = infix("IN", left.sql, param_texts(values));
    } else if (ascii) {
      sql = infix("IN", kql::call("lower", {left.sql}), param_texts(values));
    } else {
      sql = kql::call(
          "has",
          {kql::call("arrayMap",
                     {lambda([](Sql each) { return kql::call("lowerUTF8", {std::move(each)}); }),
                      param_texts(values)}),
           kql::call("lowerUTF8", {left.sql})});
    }
    return make_value(Type::kBool, negated ? not_(sql) : sql, false);
  }
  if (is_integer(left.type) && items.size() > 1 &&
      std::all_of(items.begin(), items.end(), [](const Value& item) {
        return is_integer(item.type) && item.number().has_value();
      })) {
    // One list for the engine, so that a hash table or an index serves however long it is.
    std::vector<std::int64_t> numbers;
    for (const auto& item : items) {
      numbers.push_back(*item.number());
    }
    Sql sql = infix("IN", left.sql, param_ints(numbers));
    sql = left.nullable ? if_null(sql, boolean(false)) : sql;
    return make_value(Type::kBool, negated ? not_(sql) : sql, false);
  }
  std::vector<Sql> each;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (any_case && left.type == Type::kString) {
      each.push_back(TRY(text_operator("=~", left, items[i], spans[i], spans[i])).sql);
    } else {
      Value one = TRY(compare("==", left, items[i], spans[i], true));
      each.push_back(one.nullable ? if_null(one.sql, boolean(false)) : one.sql);
    }
  }
  Sql sql = or_(std::move(each));
  return make_value(Type::kBool, negated ? not_(sql) : sql, false);
}

}  // namespace spoor::kql
