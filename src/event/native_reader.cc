#include "event/native_reader.h"

#include <fmt/format.h>

#include <cstring>
#include <optional>

namespace spoor::event {
namespace {

constexpr std::size_t kMaxColumns = 10'000;
constexpr std::size_t kMaxRows = 16u << 20;
constexpr std::size_t kMaxPending = 1u << 30;

/// Reads from bytes that may still be incomplete: every take says nothing where more must arrive.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] std::size_t at() const { return at_; }

  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ >= bytes_.size()) {
        return std::nullopt;
      }
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    return ~std::uint64_t{0};
  }
  std::optional<std::string_view> take(std::uint64_t size) {
    if (size > bytes_.size() - at_) {
      return std::nullopt;
    }
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }
  std::optional<std::string_view> text() {
    const auto size = varint();
    return size ? take(*size) : std::nullopt;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

std::unexpected<Error> bad(std::string message) {
  return fail(ErrorCode::kInvalidInput, "Native answer: " + std::move(message));
}

/// One column's data; false where bytes are missing.
Result<bool> read_column(Cursor& cursor, std::size_t rows, NativeColumn& column) {
  const auto name = cursor.text();
  const auto type = name ? cursor.text() : std::nullopt;
  if (!type) {
    return false;
  }
  column.name = *name;
  std::string_view inner = *type;
  const bool nullable = inner.starts_with("Nullable(") && inner.ends_with(")");
  if (nullable) {
    inner = inner.substr(9, inner.size() - 10);
    const auto nulls = cursor.take(rows);
    if (!nulls) {
      return false;
    }
    column.nulls.assign(nulls->begin(), nulls->end());
  }
  if (inner == "Int64" || inner == "Float64") {
    const auto bytes = cursor.take(rows * 8);
    if (!bytes) {
      return false;
    }
    const bool whole = inner == "Int64";
    column.kind = whole ? NativeColumn::Kind::kInt64 : NativeColumn::Kind::kFloat64;
    whole ? column.numbers.resize(rows) : column.reals.resize(rows);
    if (rows > 0) {
      std::memcpy(whole ? static_cast<void*>(column.numbers.data()) : column.reals.data(),
                  bytes->data(), rows * 8);
    }
    return true;
  }
  if (inner != "String") {
    return bad(fmt::format("column {} has type {}, which is none of Int64, Float64, String",
                           column.name, *type));
  }
  column.kind = NativeColumn::Kind::kString;
  column.texts.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto text = cursor.text();
    if (!text) {
      return false;
    }
    column.texts.emplace_back(*text);
  }
  return true;
}

}  // namespace

Result<void> NativeReader::feed(std::string_view bytes) {
  pending_ += bytes;
  if (pending_.size() > kMaxPending) {
    return fail(ErrorCode::kLimit, "Native answer: one block is larger than 1 GiB");
  }
  std::size_t done = 0;
  while (done < pending_.size()) {
    Cursor cursor(std::string_view(pending_).substr(done));
    const auto columns = cursor.varint();
    const auto rows = columns ? cursor.varint() : std::nullopt;
    if (!rows) {
      break;
    }
    if (*columns > kMaxColumns || *rows > kMaxRows) {
      return bad(fmt::format("{} columns and {} rows in one block", *columns, *rows));
    }
    NativeBlock block;
    block.rows = *rows;
    block.columns.resize(*columns);
    bool whole = true;
    for (NativeColumn& column : block.columns) {
      whole = TRY(read_column(cursor, block.rows, column));
      if (!whole) {
        break;
      }
    }
    if (!whole) {
      break;
    }
    done += cursor.at();
    TRY_VOID(on_block_(std::move(block)));
  }
  pending_.erase(0, done);
  return {};
}

Result<void> NativeReader::finish() const {
  if (!pending_.empty()) {
    return fail(ErrorCode::kTruncated, "Native answer: it ends inside a block");
  }
  return {};
}

}  // namespace spoor::event
