#pragma once
// JSON Schema as far as the contract uses it: type, properties, required, additionalProperties,
// enum, bounds of numbers, lengths and lists, pattern, items, default, $ref to a named schema.
// Compiled once at start; checking is thread-safe.

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/reader.h"

namespace re2 {
class RE2;
}

namespace spoor::api {

/// One compiled schema. Owned by its SchemaSet.
struct JsonSchema {
  struct Property {
    std::string name;
    const JsonSchema* schema = nullptr;
    bool is_required = false;
  };

  unsigned kinds = 0;                  ///< bits of SchemaKind; 0: any
  const JsonSchema* target = nullptr;  ///< of a $ref: all else is empty
  std::vector<Property> properties;
  bool is_closed = false;            ///< no other members
  std::vector<std::string> choices;  ///< texts; empty: any
  std::optional<std::int64_t> minimum, maximum;
  std::optional<std::size_t> least, most;  ///< code points of a text, elements of a list
  std::shared_ptr<const re2::RE2> pattern;
  std::string pattern_text;
  const JsonSchema* items = nullptr;
  std::optional<json::Dynamic> fallback;  ///< `default`

  /// Follows references.
  [[nodiscard]] const JsonSchema& resolved() const;
  [[nodiscard]] const Property* find(std::string_view name) const;
};

enum SchemaKind : unsigned {
  kNullKind = 1,
  kBooleanKind = 2,
  kIntegerKind = 4,
  kNumberKind = 8,
  kStringKind = 16,
  kArrayKind = 32,
  kObjectKind = 64,
};

/// Schemas and what they refer to.
class SchemaSet {
 public:
  /// `components` is the JSON object of named schemas. kInvalidInput where one uses what is not
  /// understood.
  static Result<std::unique_ptr<SchemaSet>> compile(std::string_view components);
  ~SchemaSet();

  /// Compiles one more schema; the pointer lives as long as the set.
  Result<const JsonSchema*> add(std::string_view schema);
  /// A named one; null where there is none.
  [[nodiscard]] const JsonSchema* find(std::string_view name) const;

 private:
  SchemaSet() = default;
  Result<const JsonSchema*> build(const json::Dynamic& schema);
  Result<void> fill(JsonSchema& schema, const json::Dynamic& source);

  std::deque<JsonSchema> schemas_;
  std::map<std::string, JsonSchema*, std::less<>> named_;
};

/// kInvalidInput where the value breaks the schema: `where` is a JSON pointer below `place` ("" the
/// value itself), the message says what is wrong without repeating the value.
Result<void> check_value(const JsonSchema& schema, const json::Dynamic& value,
                         const std::string& place = {});

/// A parameter's text as a value of its schema: numbers, truth values and lists (commas between)
/// are read. kInvalidInput where it is none. The value is not checked against bounds.
Result<json::Dynamic> read_parameter(const JsonSchema& schema, std::string_view text);

/// The object with the defaults of members that are not there.
json::Dynamic with_defaults(const JsonSchema& schema, json::Dynamic value);

}  // namespace spoor::api
