#include "json/reader.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace spoor::json {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view kBlanks = " \t\r\n";

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// Length of the number that the text starts with by the grammar of RFC 8259 section 6; 0 where it
/// is none.
std::size_t number_length(std::string_view text, bool& whole) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t first = at;
    while (at < text.size() && is_digit(text[at])) {
      ++at;
    }
    return at - first;
  };
  if (at < text.size() && text[at] == '-') {
    ++at;
  }
  const std::size_t integer_at = at;
  const std::size_t integer_digits = digits();
  if (integer_digits == 0 || (integer_digits > 1 && text[integer_at] == '0')) {
    return 0;
  }
  whole = true;
  if (at < text.size() && text[at] == '.') {
    ++at;
    whole = false;
    if (digits() == 0) {
      return 0;
    }
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    whole = false;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
      ++at;
    }
    if (digits() == 0) {
      return 0;
    }
  }
  return at;
}

template <class Number>
bool read_whole(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

/// Whether a number out of the range of a double is too near to 0 (else it is too large).
bool is_tiny(std::string_view token) {
  const std::size_t exponent = token.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    return token.substr(exponent + 1).starts_with('-');
  }
  return token.starts_with("0.") || token.starts_with("-0.");
}

/// The value of a token; false where it is no number or has no value.
bool read_number(std::string_view token, Dynamic& out, std::string& problem) {
  bool whole = false;
  if (number_length(token, whole) != token.size() || token.empty()) {
    problem = "is not a number";
    return false;
  }
  std::int64_t number = 0;
  std::uint64_t large = 0;
  if (whole && token != "-0" && read_whole(token, number)) {
    out = Dynamic(number);
    return true;
  }
  if (whole && read_whole(token, large)) {
    out = Dynamic(large);
    return true;
  }
  double real = 0;
  const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), real);
  if (error == std::errc::result_out_of_range && is_tiny(token)) {
    real = 0;
  } else if (error != std::errc{}) {
    problem = "is a number too large to be stored";
    return false;
  }
  out = Dynamic(real);
  return true;
}

/// One pass over one document, which stands in brackets of ours: the library reads values inside an
/// array by one way and those at the root by another. A failure is kept in `error_`, so that the
/// walk can simply return false.
class Walk {
 public:
  Walk(const simdjson::padded_string& bracketed, const ReadLimits& limits)
      : text_(bracketed), limits_(limits) {}

  Result<Dynamic> run() {
    Dynamic root;
    ondemand::parser parser;
    ondemand::document document;
    if (const simdjson::error_code code = parser.iterate(text_).get(document)) {
      refuse(code);
    } else {
      document_ = &document;
      read_document(document, root);
      document_ = nullptr;
    }
    if (error_) {
      return fail(std::move(*error_));
    }
    return root;
  }

 private:
  bool read_document(ondemand::document& document, Dynamic& root) {
    ondemand::array brackets;
    std::size_t documents = 0;
    if (const simdjson::error_code code = document.get_array().get(brackets)) {
      return refuse(code);
    }
    for (auto found : brackets) {
      ondemand::value value;
      if (const simdjson::error_code code = std::move(found).get(value)) {
        return refuse(code);
      }
      if (++documents > 1) {
        return refuse("more text follows the end of the document");
      }
      if (!read(value, root, 0)) {
        return false;
      }
    }
    if (documents == 0) {
      return refuse(ErrorCode::kTruncated, "there is no JSON value");
    }
    // The library says "out of bounds" where every token has been read.
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS ||
           refuse("more text follows the end of the document");
  }

  bool read(ondemand::value& node, Dynamic& out, int depth) {
    if (++values_ > limits_.max_values) {
      return refuse(ErrorCode::kLimit,
                    fmt::format("holds more than {} values", limits_.max_values));
    }
    ondemand::json_type type{};
    if (const simdjson::error_code code = node.type().get(type)) {
      return refuse(code);
    }
    if (type == ondemand::json_type::object || type == ondemand::json_type::array) {
      if (depth >= limits_.max_depth) {
        return refuse(ErrorCode::kLimit,
                      fmt::format("is nested more than {} levels deep", limits_.max_depth));
      }
      return type == ondemand::json_type::object ? read_object(node, out, depth + 1)
                                                 : read_array(node, out, depth + 1);
    }
    return read_scalar(node, type, out);
  }

  bool read_scalar(ondemand::value& node, ondemand::json_type type, Dynamic& out) {
    if (type == ondemand::json_type::string) {
      std::string_view value;
      if (const simdjson::error_code code = node.get_string().get(value)) {
        return refuse(code);
      }
      out = Dynamic(std::string(value));
      return true;
    }
    // The other scalars are read here: the library refuses whole numbers past 64 bits.
    const std::string_view raw = node.raw_json_token();
    const std::size_t last = raw.find_last_not_of(kBlanks);
    const std::string_view token = raw.substr(0, last == std::string_view::npos ? 0 : last + 1);
    std::string problem = "is not a JSON value";
    if (token == "true" || token == "false") {
      out = Dynamic(token == "true");
      return true;
    }
    if (token == "null" ||
        (type == ondemand::json_type::number && read_number(token, out, problem))) {
      return true;
    }
    return refuse_at(ErrorCode::kInvalidInput, std::move(problem), raw.data());
  }

  bool read_object(ondemand::value& node, Dynamic& out, int depth) {
    ondemand::object object;
    if (const simdjson::error_code code = node.get_object().get(object)) {
      return refuse(code);
    }
    Dynamic::Object members;
    for (auto found : object) {
      ondemand::field field;
      std::string_view name;
      if (const simdjson::error_code code = std::move(found).get(field)) {
        return refuse(code);
      }
      if (const simdjson::error_code code = field.unescaped_key().get(name)) {
        return refuse(code);
      }
      Member& member = members.emplace_back();
      member.name = name;
      if (!read(field.value(), member.value, depth)) {
        return false;
      }
    }
    out = Dynamic(std::move(members));
    return true;
  }

  bool read_array(ondemand::value& node, Dynamic& out, int depth) {
    ondemand::array array;
    if (const simdjson::error_code code = node.get_array().get(array)) {
      return refuse(code);
    }
    Dynamic::Array elements;
    for (auto found : array) {
      ondemand::value value;
      if (const simdjson::error_code code = std::move(found).get(value)) {
        return refuse(code);
      }
      if (!read(value, elements.emplace_back(), depth)) {
        return false;
      }
    }
    out = Dynamic(std::move(elements));
    return true;
  }

  bool refuse_at(ErrorCode code, std::string message, const char* place) {
    const auto length = static_cast<std::int64_t>(text_.size()) - 2;
    const std::int64_t offset = place == nullptr ? length : place - text_.data() - 1;
    error_ =
        Error::make(code, std::move(message)).at("", std::clamp<std::int64_t>(offset, 0, length));
    return false;
  }
  bool refuse(ErrorCode code, std::string message) {
    const char* place = nullptr;
    if (document_ != nullptr && document_->current_location().get(place) != simdjson::SUCCESS) {
      place = nullptr;
    }
    return refuse_at(code, std::move(message), place);
  }
  bool refuse(std::string message) { return refuse(ErrorCode::kInvalidInput, std::move(message)); }

  bool refuse(simdjson::error_code code) {
    switch (code) {
      case simdjson::MEMALLOC:
        return refuse(ErrorCode::kLimit, "there is not enough memory to read it");
      case simdjson::CAPACITY:
        return refuse(ErrorCode::kLimit, "is larger than 4 GB");
      case simdjson::DEPTH_ERROR:
        return refuse(ErrorCode::kLimit, "is nested too deep");
      case simdjson::UNCLOSED_STRING:
        return refuse(ErrorCode::kTruncated, "the text ends inside a string");
      case simdjson::EMPTY:
      case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
        return refuse(ErrorCode::kTruncated, "the text ends before the document does");
      case simdjson::STRING_ERROR:
        return refuse("holds an invalid escape in a string");
      case simdjson::UNESCAPED_CHARS:
        return refuse("holds a control character in a string");
      default:
        return refuse("is not valid JSON");
    }
  }

  const simdjson::padded_string& text_;
  const ReadLimits& limits_;
  ondemand::document* document_ = nullptr;
  std::size_t values_ = 0;
  std::optional<Error> error_;
};

/// Offset of the first character that is not valid UTF-8: found line by line, then byte by byte.
std::int64_t first_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos;
       end = text.find('\n', at)) {
    if (!is_valid_utf8(text.substr(at, end + 1 - at))) {
      break;
    }
    at = end + 1;
  }
  while (at < text.size()) {
    std::size_t length = 1;
    while (length <= 4 && at + length <= text.size() && !is_valid_utf8(text.substr(at, length))) {
      ++length;
    }
    if (length > 4 || at + length > text.size()) {
      break;
    }
    at += length;
  }
  return static_cast<std::int64_t>(at);
}

}  // namespace

Result<Dynamic> parse(std::string_view text, const ReadLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return fail(
        Error::make(ErrorCode::kLimit, fmt::format("is larger than {} bytes", limits.max_bytes))
            .at("", 0));
  }
  if (!simdjson::validate_utf8(text.data(), text.size())) {
    return fail(Error::make(ErrorCode::kInvalidInput, "is not valid UTF-8")
                    .at("", first_invalid_utf8(text)));
  }
  simdjson::padded_string bracketed(text.size() + 2);
  if (bracketed.data() == nullptr) {
    return fail(ErrorCode::kLimit, "there is not enough memory to read it");
  }
  bracketed.data()[0] = '[';
  std::copy(text.begin(), text.end(), bracketed.data() + 1);
  bracketed.data()[text.size() + 1] = ']';
  return Walk(bracketed, limits).run();
}

}  // namespace spoor::json
