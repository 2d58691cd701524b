#include "json/reader.h"
#include "json/writer.h"

namespace spoor::json {
namespace {

const Dynamic kNullValue;

void write_value(Writer& writer, const Dynamic& value) {
  switch (value.kind()) {
    case Dynamic::Kind::kNull:
      writer.null();
      return;
    case Dynamic::Kind::kBool:
      writer.boolean(*value.as_bool());
      return;
    case Dynamic::Kind::kInt64:
      writer.number(*value.as_int64());
      return;
    case Dynamic::Kind::kUint64:
      writer.number(*value.as_uint64());
      return;
    case Dynamic::Kind::kDouble:
      writer.real(*value.as_double());
      return;
    case Dynamic::Kind::kString:
      writer.string(*value.as_string());
      return;
    case Dynamic::Kind::kArray:
      writer.begin_array();
      for (const Dynamic& element : *value.as_array()) {
        write_value(writer, element);
      }
      writer.end_array();
      return;
    case Dynamic::Kind::kObject:
      writer.begin_object();
      for (const Member& member : *value.as_object()) {
        writer.key(member.name);
        write_value(writer, member.value);
      }
      writer.end_object();
      return;
  }
}

}  // namespace

Dynamic::Dynamic() = default;
Dynamic::Dynamic(bool value) : value_(value) {}
Dynamic::Dynamic(std::int64_t value) : value_(value) {}
Dynamic::Dynamic(std::uint64_t value) : value_(value) {}
Dynamic::Dynamic(double value) : value_(value) {}
Dynamic::Dynamic(std::string value) : value_(std::move(value)) {}
Dynamic::Dynamic(Array value) : value_(std::move(value)) {}
Dynamic::Dynamic(Object value) : value_(std::move(value)) {}
Dynamic::Dynamic(const Dynamic&) = default;
Dynamic::Dynamic(Dynamic&&) noexcept = default;
Dynamic& Dynamic::operator=(const Dynamic&) = default;
Dynamic& Dynamic::operator=(Dynamic&&) noexcept = default;
Dynamic::~Dynamic() = default;
bool Dynamic::operator==(const Dynamic& other) const { return value_ == other.value_; }

double Dynamic::number_or(double otherwise) const {
  switch (kind()) {
    case Kind::kInt64:
      return static_cast<double>(*as_int64());
    case Kind::kUint64:
      return static_cast<double>(*as_uint64());
    case Kind::kDouble:
      return *as_double();
    default:
      return otherwise;
  }
}

std::int64_t Dynamic::int_or(std::int64_t otherwise) const {
  const std::int64_t* number = as_int64();
  return number != nullptr ? *number : otherwise;
}

std::string_view Dynamic::text_or(std::string_view otherwise) const {
  const std::string* text = as_string();
  return text != nullptr ? std::string_view(*text) : otherwise;
}

const Dynamic* Dynamic::find(std::string_view name) const {
  if (const Object* object = as_object()) {
    for (const Member& member : *object) {
      if (member.name == name) {
        return &member.value;
      }
    }
  }
  return nullptr;
}

const Dynamic& Dynamic::operator[](std::string_view name) const {
  const Dynamic* found = find(name);
  return found != nullptr ? *found : kNullValue;
}

const Dynamic& Dynamic::operator[](std::size_t index) const {
  const Array* array = as_array();
  return array != nullptr && index < array->size() ? (*array)[index] : kNullValue;
}

std::size_t Dynamic::size() const {
  if (const Array* array = as_array()) {
    return array->size();
  }
  const Object* object = as_object();
  return object != nullptr ? object->size() : 0;
}

void Dynamic::append_to(std::string& out) const {
  Writer writer(out);
  write_value(writer, *this);
}

std::string Dynamic::dump() const {
  std::string out;
  append_to(out);
  return out;
}

}  // namespace spoor::json
