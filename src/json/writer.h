#pragma once
// Appends JSON to a string: the one way that JSON is written in Spoor. Output is minified, UTF-8,
// and always valid: invalid bytes become U+FFFD, NaN and infinities become the texts "NaN",
// "Infinity", "-Infinity".

#include <cstdint>
#include <string>
#include <string_view>

namespace spoor::json {

/// Appends `text` as a JSON string with quotes.
void append_string(std::string& out, std::string_view text);
void append_number(std::string& out, std::int64_t number);
void append_number(std::string& out, std::uint64_t number);
/// Shortest text that reads back as the same double; whole numbers keep ".0" out.
void append_real(std::string& out, double real);

/// Writes objects and arrays with commas in the right places:
///   Writer w(out); w.begin_object(); w.key("a").number(1); w.end_object();
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object() {
    separate();
    out_ += '{';
    first_ = true;
    return *this;
  }
  Writer& end_object() {
    out_ += '}';
    first_ = false;
    return *this;
  }
  Writer& begin_array() {
    separate();
    out_ += '[';
    first_ = true;
    return *this;
  }
  Writer& end_array() {
    out_ += ']';
    first_ = false;
    return *this;
  }
  Writer& key(std::string_view name) {
    separate();
    append_string(out_, name);
    out_ += ':';
    first_ = true;
    return *this;
  }
  Writer& string(std::string_view text) {
    separate();
    append_string(out_, text);
    return *this;
  }
  Writer& number(std::int64_t value) {
    separate();
    append_number(out_, value);
    return *this;
  }
  Writer& number(std::uint64_t value) {
    separate();
    append_number(out_, value);
    return *this;
  }
  Writer& number(int value) { return number(static_cast<std::int64_t>(value)); }
  Writer& real(double value) {
    separate();
    append_real(out_, value);
    return *this;
  }
  Writer& boolean(bool value) {
    separate();
    out_ += value ? "true" : "false";
    return *this;
  }
  Writer& null() {
    separate();
    out_ += "null";
    return *this;
  }
  /// `text` must be one valid JSON value.
  Writer& raw(std::string_view text) {
    separate();
    out_ += text;
    return *this;
  }

 private:
  void separate() {
    if (!first_) {
      out_ += ',';
    }
    first_ = false;
  }
  std::string& out_;
  bool first_ = true;
};

}  // namespace spoor::json
