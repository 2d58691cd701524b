// isnull, isempty, isnan and their opposites.

#include "kql/emit/forms.h"
#include "kql/functions/families.h"

namespace spoor::kql {
namespace {

Value bool_of(Sql predicate) { return cast_value(Type::kBool, std::move(predicate), false); }

/// Condition that is true where Kusto's isempty() is.
Sql empty(const Value& value) {
  switch (value.type) {
    case Type::kString:
      return equals(value.sql, quoted(""));
    case Type::kDynamic:
      return infix("IN", dynamic_of(value), keyword("('', 'null', '\"\"')"));
    default:
      return value.nullable ? is_null(value.sql) : boolean(false);
  }
}

/// Condition that is true where Kusto's isnull() is: never for strings.
Sql null_test(const Value& value) {
  switch (value.type) {
    case Type::kString:
      return boolean(false);
    case Type::kDynamic:
      return value.as_array ? boolean(false) : dynamic_is_null(value.sql);
    default:
      return value.nullable ? is_null(value.sql) : boolean(false);
  }
}

void add_test(Registry& registry, std::string_view name, std::vector<std::string_view> aliases,
              TypeSet types, std::string_view doc, std::string_view example,
              std::function<Sql(const Value&)> test) {
  registry.add(FunctionSpec{
      .name = name,
      .aliases = std::move(aliases),
      .min_args = 1,
      .max_args = 1,
      .args = {{"value", types, "the value to look at"}},
      .doc = doc,
      .example = example,
      .emit = [test = std::move(test)](const Call& call) -> Result<Value> {
        return bool_of(test(call[0]));
      },
  });
}

/// A test of a real that is false where the value is null.
std::function<Sql(const Value&)> real_test(std::string_view function) {
  return [function](const Value& value) {
    return if_null(call(function, {value.sql}), boolean(false));
  };
}

}  // namespace

void add_null_tests(Registry& registry) {
  add_test(registry, "isnull", {}, kAnyType, "True where the value is null; a string never is",
           "print isnull(tolong('x'))", null_test);
  add_test(registry, "isnotnull", {"notnull"}, kAnyType, "True where the value is not null",
           "print isnotnull(5)", [](const Value& value) { return not_(null_test(value)); });
  add_test(registry, "isempty", {}, kAnyType, "True where the value is null or an empty string",
           "print isempty('')", empty);
  add_test(registry, "isnotempty", {"notempty"}, kAnyType,
           "True where the value is neither null nor an empty string", "print isnotempty('a')",
           [](const Value& value) { return not_(empty(value)); });
  add_test(registry, "isnan", {}, kNumbers, "True where the number is NaN", "print isnan(0.0/0.0)",
           real_test("isNaN"));
  add_test(registry, "isinf", {}, kNumbers, "True where the number is infinite",
           "print isinf(1.0/0.0)", real_test("isInfinite"));
  add_test(registry, "isfinite", {}, kNumbers, "True where the number is neither NaN nor infinite",
           "print isfinite(1.0)", real_test("isFinite"));
}

}  // namespace spoor::kql
