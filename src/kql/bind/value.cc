#include "kql/bind/value.h"

namespace spoor::kql {

std::string sql_type(Type type, bool nullable) {
  std::string name;
  switch (type) {
    case Type::kBool:
      name = "Bool";
      break;
    case Type::kInt:
      name = "Int32";
      break;
    case Type::kLong:
    case Type::kTimespan:
      name = "Int64";
      break;
    case Type::kReal:
    case Type::kDecimal:
      name = "Float64";
      break;
    case Type::kDateTime:
      name = "DateTime64(7,'UTC')";
      break;
    case Type::kGuid:
      name = "String";
      break;
    case Type::kString:
    case Type::kDynamic:
      return "String";
  }
  return nullable ? "Nullable(" + name + ")" : name;
}

Value make_value(Type type, Sql sql, bool nullable) {
  Value value;
  value.type = type;
  value.sql = std::move(sql);
  value.nullable = nullable && type != Type::kString && type != Type::kDynamic;
  return value;
}

Value cast_value(Type type, Sql sql, bool nullable) {
  return make_value(type, cast(std::move(sql), sql_type(type, nullable)), nullable);
}

Value array_value(Sql sql) {
  Value value = make_value(Type::kDynamic, std::move(sql), false);
  value.as_array = true;
  return value;
}

Value constant_value(Type type, Constant constant) {
  Sql sql;
  bool nullable = false;
  if (std::holds_alternative<std::monostate>(constant)) {
    if (type == Type::kString || type == Type::kDynamic) {
      sql = param_text("");
    } else {
      sql = cast(null(), sql_type(type, true));
      nullable = true;
    }
  } else {
    switch (type) {
      case Type::kBool:
        sql = param_bool(std::get<bool>(constant));
        break;
      case Type::kInt:
        sql = param_raw("Int32", std::to_string(std::get<std::int64_t>(constant)));
        break;
      case Type::kLong:
      case Type::kTimespan:
        sql = param_int(std::get<std::int64_t>(constant));
        break;
      case Type::kReal:
      case Type::kDecimal:
        sql = param_real(std::get<double>(constant));
        break;
      case Type::kDateTime:
        sql = param_datetime(std::get<std::int64_t>(constant));
        break;
      case Type::kString:
      case Type::kDynamic:
      case Type::kGuid:
        sql = param_text(std::get<std::string>(constant));
        break;
    }
  }
  Value value = make_value(type, std::move(sql), nullable);
  value.constant = std::move(constant);
  return value;
}

std::optional<Type> common_type(Type left, Type right) {
  if (left == right) {
    return left;
  }
  if (is_number(left) && is_number(right)) {
    return left == Type::kReal || right == Type::kReal ? Type::kReal : Type::kLong;
  }
  return std::nullopt;
}

std::optional<Value> widen(const Value& value, Type type) {
  if (value.type == type) {
    return value;
  }
  if (value.is_null_constant()) {
    Value made = constant_value(type, std::monostate{});
    made.name = value.name;
    return made;
  }
  if (common_type(value.type, type) != type) {
    return std::nullopt;
  }
  Value made;
  if (const auto number = value.number()) {
    made = type == Type::kReal ? constant_value(type, static_cast<double>(*number))
                               : constant_value(type, *number);
  } else {
    made = cast_value(type, value.sql, value.nullable);
  }
  made.name = value.name;
  return made;
}

}  // namespace spoor::kql
