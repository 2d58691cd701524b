#pragma once
// A bound scalar expression: its Kusto type, the SQL that computes it, and what is known of it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "kql/emit/sql.h"
#include "schema/schema.h"

namespace spoor::kql {

using Type = schema::Type;

/// Bytes [begin, end) of the query's text.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// An error of the compiler at a place of the query; compile() turns the offset into line and
/// column.
inline Error error_at(Span span, ErrorCode code, std::string message) {
  Error error = Error::make(code, std::move(message));
  error.offset = span.begin;
  return error;
}

/// A value known when the query is compiled. Null is std::monostate.
/// bool: bool; int, long, datetime and timespan (ticks): int64; real: double;
/// string, guid: text; dynamic: minified JSON text.
using Constant = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

/// How a value lies in SQL.
///   bool Bool, int Int32, long Int64, real Float64, string String (never NULL),
///   datetime DateTime64(7,'UTC'), timespan Int64 ticks, guid String in lower case,
///   dynamic String of minified JSON ('' is null, never NULL).
/// Types other than string and dynamic are Nullable(…) where `nullable`.
struct Value {
  Type type = Type::kString;
  Sql sql;
  bool nullable = false;
  /// A dynamic that lies as Array(String) of the JSON texts of its elements instead of one text.
  bool as_array = false;
  std::optional<Constant> constant;
  /// Set where the value is a stored column as it stands, for the sake of keys and indexes: the
  /// stored column and the SQL of its raw form.
  const schema::Column* column = nullptr;
  Sql raw;
  /// Name a column of this value gets where the query gives none; empty: Column1, Column2, …
  std::string name;

  [[nodiscard]] bool is_constant() const { return constant.has_value(); }
  [[nodiscard]] bool is_null_constant() const {
    return constant && std::holds_alternative<std::monostate>(*constant);
  }
  /// The text of a constant string, dynamic or guid; null otherwise.
  [[nodiscard]] const std::string* text() const {
    return constant ? std::get_if<std::string>(&*constant) : nullptr;
  }
  /// The number of a constant int, long, datetime or timespan.
  [[nodiscard]] std::optional<std::int64_t> number() const {
    const auto* found = constant ? std::get_if<std::int64_t>(&*constant) : nullptr;
    return found ? std::optional(*found) : std::nullopt;
  }
};

/// A value of `type` computed by `sql`, which must already have the form above.
Value make_value(Type type, Sql sql, bool nullable);
/// The same with a CAST to the form: for functions of the engine that return other widths.
Value cast_value(Type type, Sql sql, bool nullable);
/// A value known at compile time, as a bound parameter.
Value constant_value(Type type, Constant constant);
inline Value string_value(Sql sql) { return make_value(Type::kString, std::move(sql), false); }
inline Value dynamic_value(Sql sql) { return make_value(Type::kDynamic, std::move(sql), false); }
/// A dynamic in the form Array(String) of element texts.
Value array_value(Sql sql);

/// The engine's name of the form of a type: "Int64", "Nullable(Int64)".
std::string sql_type(Type type, bool nullable);

inline bool is_number(Type type) {
  return type == Type::kInt || type == Type::kLong || type == Type::kReal;
}
inline bool is_integer(Type type) { return type == Type::kInt || type == Type::kLong; }

/// The type both can be widened to (int < long < real, equal types); nothing where there is none.
std::optional<Type> common_type(Type left, Type right);
/// Widens a value to `type` (int to long or real, long to real, null of any type, anything to
/// itself). Nothing where Kusto asks for an explicit conversion.
std::optional<Value> widen(const Value& value, Type type);

}  // namespace spoor::kql
