#pragma once
// Reads one JSON document (RFC 8259) into an immutable tree.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace spoor::json {

struct Member;

/// A JSON value. Members of objects keep their order; whole numbers keep all of their digits.
class Dynamic {
 public:
  using Array = std::vector<Dynamic>;
  using Object = std::vector<Member>;
  enum class Kind : std::uint8_t {
    kNull = 0,
    kBool = 1,
    kInt64 = 2,
    kUint64 = 3,  ///< only for whole numbers past the range of int64
    kDouble = 4,
    kString = 5,
    kArray = 6,
    kObject = 7,
  };

  // Not defined here: clang asks for the complete Member, which holds a Dynamic.
  Dynamic();
  explicit Dynamic(bool value);
  explicit Dynamic(std::int64_t value);
  explicit Dynamic(std::uint64_t value);
  explicit Dynamic(double value);
  explicit Dynamic(std::string value);
  explicit Dynamic(Array value);
  explicit Dynamic(Object value);
  Dynamic(const Dynamic&);
  Dynamic(Dynamic&&) noexcept;
  Dynamic& operator=(const Dynamic&);
  Dynamic& operator=(Dynamic&&) noexcept;
  ~Dynamic();

  [[nodiscard]] Kind kind() const { return static_cast<Kind>(value_.index()); }
  [[nodiscard]] bool is_null() const { return kind() == Kind::kNull; }
  [[nodiscard]] bool is_number() const { return kind() >= Kind::kInt64 && kind() <= Kind::kDouble; }

  /// The value where it is of that kind, else nullptr.
  [[nodiscard]] const bool* as_bool() const { return std::get_if<bool>(&value_); }
  [[nodiscard]] const std::int64_t* as_int64() const { return std::get_if<std::int64_t>(&value_); }
  [[nodiscard]] const std::uint64_t* as_uint64() const {
    return std::get_if<std::uint64_t>(&value_);
  }
  [[nodiscard]] const double* as_double() const { return std::get_if<double>(&value_); }
  [[nodiscard]] const std::string* as_string() const { return std::get_if<std::string>(&value_); }
  [[nodiscard]] const Array* as_array() const { return std::get_if<Array>(&value_); }
  [[nodiscard]] const Object* as_object() const { return std::get_if<Object>(&value_); }

  /// The number as a double, whichever kind of number it is; `otherwise` where it is none.
  [[nodiscard]] double number_or(double otherwise) const;
  [[nodiscard]] std::int64_t int_or(std::int64_t otherwise) const;
  [[nodiscard]] std::string_view text_or(std::string_view otherwise) const;

  /// The first member of that name; nullptr where there is none or this is no object.
  [[nodiscard]] const Dynamic* find(std::string_view name) const;
  /// The same, but a null value where there is none, so that look-ups can follow one another.
  [[nodiscard]] const Dynamic& operator[](std::string_view name) const;
  /// The element of an array; a null value where there is none.
  [[nodiscard]] const Dynamic& operator[](std::size_t index) const;
  /// Elements of an array or members of an object, else 0.
  [[nodiscard]] std::size_t size() const;

  /// The value as minified JSON.
  [[nodiscard]] std::string dump() const;
  void append_to(std::string& out) const;

  bool operator==(const Dynamic& other) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array,
               Object>
      value_;
};

struct Member {
  std::string name;
  Dynamic value;
  bool operator==(const Member&) const = default;
};

/// What a document may cost.
struct ReadLimits {
  std::size_t max_bytes = 64UL << 20;
  int max_depth = 128;                  ///< arrays and objects inside one another
  std::size_t max_values = 10'000'000;  ///< values in all
};

/// Reads one document; blanks may stand around it, anything else after it is an error. Errors carry
/// the offset in bytes: kInvalidInput, kTruncated (the text ends too early), kLimit. Numbers past
/// the range of their kind: whole ones become doubles, reals become an error.
Result<Dynamic> parse(std::string_view text, const ReadLimits& limits = {});

}  // namespace spoor::json
