// iff, case, coalesce and not.

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

/// The type all of `values` widen to; nulls take any. Kusto asks for conversions beyond that.
Result<Type> branch_type(const Call& call, std::span<const std::size_t> branches) {
  std::optional<Type> type;
  for (const auto index : branches) {
    const Value& value = call[index];
    if (value.is_null_constant()) {
      continue;
    }
    auto wider = type ? common_type(*type, value.type) : value.type;
    if (!wider && (*type == Type::kDynamic || value.type == Type::kDynamic)) {
      // A text beside a dynamic makes the dynamic a text.
      const bool text = *type == Type::kString || value.type == Type::kString;
      wider = text ? Type::kString : Type::kDynamic;
    }
    if (!wider) {
      return fail(call.error(index, std::string(call.name) +
                                        "() needs results of one type, and this is " +
                                        std::string(schema::type_name(value.type)) + " beside " +
                                        std::string(schema::type_name(*type))));
    }
    type = wider;
  }
  return type.value_or(call[branches.front()].type);
}

Value fitted_to(const Value& value, Type type) {
  if (auto fitted = widen(value, type)) {
    return *fitted;
  }
  return type == Type::kString ? string_value(text_of(value)) : dynamic_value(json_of(value));
}

Result<Value> choose(const Call& call) {
  std::vector<std::size_t> branches;
  for (std::size_t i = 1; i < call.size(); i += 2) {
    branches.push_back(i);
  }
  branches.push_back(call.size() - 1);
  const Type type = TRY(branch_type(call, branches));
  bool nullable = false;
  for (const auto index : branches) {
    call[index] = fitted_to(call[index], type);
    nullable = nullable || call[index].nullable;
  }
  std::vector<Sql> operands;
  for (std::size_t i = 0; i < call.size(); ++i) {
    const bool condition = i % 2 == 0 && i + 1 < call.size();
    // A null condition takes the else branch, and branches of one type keep the engine from
    // Variant.
    operands.push_back(condition ? if_null(call[i].sql, boolean(false))
                                 : cast(type == Type::kDynamic ? dynamic_of(call[i]) : call[i].sql,
                                        sql_type(type, nullable)));
  }
  return make_value(type, kql::call("multiIf", std::move(operands)), nullable);
}

Result<Value> choose_case(const Call& call) {
  if (call.size() % 2 == 0) {
    return fail(
        call.error(call.size() - 1, "case() needs pairs of condition and result, and a last else"));
  }
  for (std::size_t i = 0; i + 1 < call.size(); i += 2) {
    if (call[i].type != Type::kBool) {
      return fail(call.error(
          i, "a condition must be bool, not " + std::string(schema::type_name(call[i].type))));
    }
  }
  return choose(call);
}

Result<Value> coalesce(const Call& call) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < call.size(); ++i) {
    all.push_back(i);
  }
  const Type type = TRY(branch_type(call, all));
  std::vector<Sql> operands;
  if (type == Type::kString || type == Type::kDynamic) {
    for (const auto index : all) {
      const Value value = fitted_to(call[index], type);
      const Sql sql = type == Type::kDynamic ? dynamic_of(value) : value.sql;
      if (index + 1 < call.size()) {
        operands.push_back(type == Type::kDynamic ? not_(dynamic_is_null(sql))
                                                  : infix("!=", sql, quoted("")));
      }
      operands.push_back(cast(sql, "String"));
    }
    return make_value(type, kql::call("multiIf", std::move(operands)), false);
  }
  bool nullable = true;
  for (const auto index : all) {
    const Value value = *widen(call[index], type);
    nullable = nullable && value.nullable;
    operands.push_back(cast(value.sql, sql_type(type, value.nullable)));
  }
  return make_value(type, kql::call("coalesce", std::move(operands)), nullable);
}

}  // namespace

void add_conditional(Registry& registry) {
  registry.add(FunctionSpec{
      .name = "iff",
      .aliases = {"iif"},
      .min_args = 3,
      .max_args = 3,
      .args = {{"if", kBools, "the condition; null counts as false"},
               {"then", kAnyType, "the result where it holds"},
               {"else", kAnyType, "the result where it does not"}},
      .doc = "One of two values, by a condition",
      .example = "print iff(1 < 2, 'yes', 'no')",
      .emit = choose,
  });
  registry.add(FunctionSpec{
      .name = "case",
      .min_args = 3,
      .max_args = kMany + 1,
      .args = {{"predicate", kAnyType, "a condition, its result, …, and the else result last"}},
      .doc = "The result after the first condition that holds",
      .example = "print case(1 > 2, 'a', 2 > 1, 'b', 'c')",
      .emit = choose_case,
  });
  registry.add(FunctionSpec{
      .name = "coalesce",
      .min_args = 2,
      .max_args = 64,
      .args = {{"value", kAnyType, "values of one type"}},
      .doc = "The first value that is not null (strings: not empty)",
      .example = "print coalesce(tolong('x'), 42)",
      .emit = coalesce,
  });
  registry.add(FunctionSpec{
      .name = "not",
      .min_args = 1,
      .max_args = 1,
      .args = {{"predicate", kBools, "a condition"}},
      .doc = "The opposite of a condition; null stays null",
      .example = "print not(1 == 2)",
      .emit = [](const Call& call) -> Result<Value> {
        return make_value(Type::kBool, not_(call[0].sql), call[0].nullable);
      },
  });
}

}  // namespace spoor::kql
