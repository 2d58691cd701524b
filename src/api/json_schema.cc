#include "api/json_schema.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace spoor::api {
namespace {

using json::Dynamic;

constexpr std::array<std::pair<std::string_view, unsigned>, 7> kKinds = {{{"null", kNullKind},
                                                                          {"boolean", kBooleanKind},
                                                                          {"integer", kIntegerKind},
                                                                          {"number", kNumberKind},
                                                                          {"string", kStringKind},
                                                                          {"array", kArrayKind},
                                                                          {"object", kObjectKind}}};
constexpr std::string_view kReference = "#/components/schemas/";

Result<unsigned> read_kinds(const Dynamic& type) {
  if (type.is_null()) {
    return 0U;
  }
  unsigned kinds = 0;
  const auto add = [&](const Dynamic& name) -> Result<void> {
    const auto* found =
        std::ranges::find(kKinds, name.text_or(""), [](const auto& kind) { return kind.first; });
    if (found == kKinds.end()) {
      return fail(ErrorCode::kInvalidInput, "unknown type in a schema");
    }
    kinds |= found->second;
    return {};
  };
  if (const auto* several = type.as_array()) {
    for (const Dynamic& name : *several) {
      TRY_VOID(add(name));
    }
    return kinds;
  }
  TRY_VOID(add(type));
  return kinds;
}

std::optional<std::int64_t> bound(const Dynamic& schema, std::string_view name) {
  const Dynamic* value = schema.find(name);
  return value != nullptr ? std::optional(value->int_or(0)) : std::nullopt;
}

std::optional<std::size_t> size_bound(const Dynamic& schema, std::string_view text,
                                      std::string_view list) {
  const auto value = bound(schema, schema.find(text) != nullptr ? text : list);
  return value ? std::optional(static_cast<std::size_t>(*value)) : std::nullopt;
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char letter) { return (static_cast<unsigned char>(letter) & 0xC0) != 0x80; }));
}

unsigned kind_of(const Dynamic& value) {
  switch (value.kind()) {
    case Dynamic::Kind::kNull:
      return kNullKind;
    case Dynamic::Kind::kBool:
      return kBooleanKind;
    case Dynamic::Kind::kInt64:
    case Dynamic::Kind::kUint64:
      return kIntegerKind | kNumberKind;
    case Dynamic::Kind::kDouble:
      return kNumberKind;
    case Dynamic::Kind::kString:
      return kStringKind;
    case Dynamic::Kind::kArray:
      return kArrayKind;
    case Dynamic::Kind::kObject:
      return kObjectKind;
  }
  return 0;
}

std::string kind_words(unsigned kinds) {
  std::string words;
  for (const auto& [name, kind] : kKinds) {
    if ((kinds & kind) != 0) {
      words += (words.empty() ? "" : " or ") + std::string(name);
    }
  }
  return words;
}

std::unexpected<Error> broken(const std::string& place, std::string message) {
  return fail(Error::make(ErrorCode::kInvalidInput, std::move(message)).at(place));
}

Result<void> check_text(const JsonSchema& schema, const std::string& text,
                        const std::string& place) {
  const std::size_t length = code_points(text);
  if (schema.least && length < *schema.least) {
    return broken(place, *schema.least == 1
                             ? "must not be empty"
                             : fmt::format("must have at least {} characters", *schema.least));
  }
  if (schema.most && length > *schema.most) {
    return broken(place, fmt::format("must have at most {} characters", *schema.most));
  }
  if (!schema.choices.empty() && std::ranges::find(schema.choices, text) == schema.choices.end()) {
    return broken(place, fmt::format("must be one of {}", fmt::join(schema.choices, ", ")));
  }
  if (schema.pattern && !re2::RE2::PartialMatch(text, *schema.pattern)) {
    return broken(place, fmt::format("must have the form {}", schema.pattern_text));
  }
  return {};
}

Result<void> check_number(const JsonSchema& schema, const Dynamic& value,
                          const std::string& place) {
  const auto* whole = value.as_int64();
  const double real = value.number_or(0);
  if (schema.minimum &&
      (whole != nullptr ? *whole < *schema.minimum : real < static_cast<double>(*schema.minimum))) {
    return broken(place, fmt::format("must be at least {}", *schema.minimum));
  }
  if (schema.maximum && (whole != nullptr ? *whole > *schema.maximum
                                          : !(real <= static_cast<double>(*schema.maximum)))) {
    return broken(place, fmt::format("must be at most {}", *schema.maximum));
  }
  return {};
}

Result<void> check_list(const JsonSchema& schema, const Dynamic::Array& list,
                        const std::string& place) {
  if (schema.least && list.size() < *schema.least) {
    return broken(place, fmt::format("must have at least {} elements", *schema.least));
  }
  if (schema.most && list.size() > *schema.most) {
    return broken(place, fmt::format("must have at most {} elements", *schema.most));
  }
  if (schema.items != nullptr) {
    for (std::size_t at = 0; at < list.size(); ++at) {
      TRY_VOID(check_value(*schema.items, list[at], fmt::format("{}/{}", place, at)));
    }
  }
  return {};
}

Result<void> check_object(const JsonSchema& schema, const Dynamic& value,
                          const std::string& place) {
  for (const auto& property : schema.properties) {
    if (property.is_required && value.find(property.name) == nullptr) {
      return broken(place + "/" + property.name, "is missing");
    }
  }
  const auto& members = *value.as_object();
  for (std::size_t at = 0; at < members.size(); ++at) {
    const std::string& name = members[at].name;
    const auto* property = schema.find(name);
    if (property == nullptr) {
      if (!schema.is_closed) {
        continue;
      }
      return broken(place, fmt::format("has no member of the name \"{}\"",
                                       to_valid_utf8(name.substr(0, 100))));
    }
    if (value.find(name) != &members[at].value) {
      return broken(place + "/" + name, "is there twice");
    }
    TRY_VOID(check_value(*property->schema, members[at].value, place + "/" + name));
  }
  return {};
}

}  // namespace

const JsonSchema& JsonSchema::resolved() const {
  const JsonSchema* schema = this;
  while (schema->target != nullptr) {
    schema = schema->target;
  }
  return *schema;
}

const JsonSchema::Property* JsonSchema::find(std::string_view name) const {
  const auto found = std::ranges::find(properties, name, &Property::name);
  return found == properties.end() ? nullptr : &*found;
}

SchemaSet::~SchemaSet() = default;

Result<std::unique_ptr<SchemaSet>> SchemaSet::compile(std::string_view components) {
  const Dynamic document = TRY(json::parse(components));
  std::unique_ptr<SchemaSet> set(new SchemaSet);
  const auto* members = document.as_object();
  if (members == nullptr) {
    return fail(ErrorCode::kInvalidInput, "the schemas are no object");
  }
  for (const auto& member : *members) {
    set->named_[member.name] = &set->schemas_.emplace_back();
  }
  for (const auto& member : *members) {
    TRY_VOID(set->fill(*set->named_[member.name], member.value));
  }
  return set;
}

Result<const JsonSchema*> SchemaSet::add(std::string_view schema) {
  return build(TRY(json::parse(schema)));
}

const JsonSchema* SchemaSet::find(std::string_view name) const {
  const auto found = named_.find(name);
  return found == named_.end() ? nullptr : found->second;
}

Result<const JsonSchema*> SchemaSet::build(const Dynamic& schema) {
  JsonSchema& made = schemas_.emplace_back();
  TRY_VOID(fill(made, schema));
  return &made;
}

Result<void> SchemaSet::fill(JsonSchema& schema, const Dynamic& source) {
  if (const Dynamic* reference = source.find("$ref")) {
    std::string_view name = reference->text_or("");
    name.remove_prefix(std::min(kReference.size(), name.size()));
    schema.target = find(name);
    return schema.target != nullptr
               ? Result<void>()
               : fail(ErrorCode::kInvalidInput, fmt::format("there is no schema \"{}\"", name));
  }
  schema.kinds = TRY(read_kinds(source["type"]));
  schema.minimum = bound(source, "minimum");
  schema.maximum = bound(source, "maximum");
  schema.least = size_bound(source, "minLength", "minItems");
  schema.most = size_bound(source, "maxLength", "maxItems");
  const Dynamic& closed = source["additionalProperties"];
  schema.is_closed = closed.as_bool() != nullptr && !*closed.as_bool();
  if (const Dynamic* fallback = source.find("default")) {
    schema.fallback = *fallback;
  }
  if (const auto* choices = source["enum"].as_array()) {
    for (const Dynamic& choice : *choices) {
      schema.choices.emplace_back(choice.text_or(""));
    }
  }
  if (const auto* pattern = source["pattern"].as_string()) {
    schema.pattern_text = *pattern;
    schema.pattern = std::make_shared<const re2::RE2>(*pattern, re2::RE2::Quiet);
    if (!schema.pattern->ok()) {
      return fail(ErrorCode::kInvalidInput, "a pattern is not valid: " + *pattern);
    }
  }
  if (const Dynamic* items = source.find("items")) {
    schema.items = TRY(build(*items));
  }
  if (const auto* properties = source["properties"].as_object()) {
    for (const auto& property : *properties) {
      schema.properties.push_back({property.name, TRY(build(property.value)), false});
    }
  }
  if (const auto* required = source["required"].as_array()) {
    for (const Dynamic& name : *required) {
      const auto found =
          std::ranges::find(schema.properties, name.text_or(""), &JsonSchema::Property::name);
      if (found != schema.properties.end()) {
        found->is_required = true;
      }
    }
  }
  return {};
}

Result<void> check_value(const JsonSchema& reference, const Dynamic& value,
                         const std::string& place) {
  const JsonSchema& schema = reference.resolved();
  if (schema.kinds != 0 && (schema.kinds & kind_of(value)) == 0) {
    return broken(place, "must be " + kind_words(schema.kinds));
  }
  switch (value.kind()) {
    case Dynamic::Kind::kString:
      return check_text(schema, *value.as_string(), place);
    case Dynamic::Kind::kInt64:
    case Dynamic::Kind::kUint64:
    case Dynamic::Kind::kDouble:
      return check_number(schema, value, place);
    case Dynamic::Kind::kArray:
      return check_list(schema, *value.as_array(), place);
    case Dynamic::Kind::kObject:
      return check_object(schema, value, place);
    default:
      return {};
  }
}

Result<Dynamic> read_parameter(const JsonSchema& reference, std::string_view text) {
  const JsonSchema& schema = reference.resolved();
  if ((schema.kinds & kIntegerKind) != 0) {
    const auto number =
        text.starts_with("0x") || text.starts_with("-0x") ? std::nullopt : parse_int(text);
    return number ? Result<Dynamic>(Dynamic(*number))
                  : fail(ErrorCode::kInvalidInput, "must be a whole number");
  }
  if ((schema.kinds & kBooleanKind) != 0) {
    if (text != "true" && text != "false") {
      return fail(ErrorCode::kInvalidInput, "must be true or false");
    }
    return Dynamic(text == "true");
  }
  if ((schema.kinds & kArrayKind) != 0) {
    Dynamic::Array list;
    for (const std::string_view part :
         text.empty() ? std::vector<std::string_view>() : split(text, ',')) {
      list.emplace_back(std::string(part));
    }
    return Dynamic(std::move(list));
  }
  return Dynamic(std::string(text));
}

Dynamic with_defaults(const JsonSchema& reference, Dynamic value) {
  const auto* members = value.as_object();
  if (members == nullptr) {
    return value;
  }
  Dynamic::Object filled = *members;
  for (const auto& property : reference.resolved().properties) {
    const JsonSchema& schema = property.schema->resolved();
    if (schema.fallback && value.find(property.name) == nullptr) {
      filled.push_back({property.name, *schema.fallback});
    }
  }
  return Dynamic(std::move(filled));
}

}  // namespace spoor::api
