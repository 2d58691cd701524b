#pragma once
// Reads ClickHouse's Native format, as far as Spoor's own queries produce it: Int64, Float64,
// String and Nullable of these (the KQL emitter casts every result column to one of them). Anything
// else is an error.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace spoor::event {

/// A column of one block. `numbers`, `reals` or `texts` is filled, by `kind`.
struct NativeColumn {
  enum class Kind : std::uint8_t { kInt64 = 1, kFloat64 = 2, kString = 3 };
  std::string name;
  Kind kind = Kind::kString;
  std::vector<std::uint8_t> nulls;  ///< 1 where null; empty where the type is not Nullable
  std::vector<std::int64_t> numbers;
  std::vector<double> reals;
  std::vector<std::string> texts;
  [[nodiscard]] bool is_null(std::size_t row) const { return !nulls.empty() && nulls[row] != 0; }
};

struct NativeBlock {
  std::size_t rows = 0;
  std::vector<NativeColumn> columns;
};

/// Takes the bytes of a response as they arrive and calls `on_block` for each whole block.
class NativeReader {
 public:
  using OnBlock = std::function<Result<void>(NativeBlock&&)>;
  explicit NativeReader(OnBlock on_block) : on_block_(std::move(on_block)) {}
  Result<void> feed(std::string_view bytes);
  /// Fails with kTruncated where bytes of an unfinished block are left.
  Result<void> finish() const;

 private:
  OnBlock on_block_;
  std::string pending_;
};

}  // namespace spoor::event
