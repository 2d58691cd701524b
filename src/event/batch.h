#pragma once
// Rows of one hunting table, held column by column, ready to be written to the store in
// ClickHouse's Native format. A batch is filled by one thread: begin_row, set the columns that are
// known, and the rest take their absent value.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ticks.h"
#include "schema/schema.h"

namespace spoor::event {

class Batch {
 public:
  explicit Batch(const schema::Table& table);

  [[nodiscard]] const schema::Table& table() const { return *table_; }
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// Bytes held, for flush decisions.
  [[nodiscard]] std::size_t bytes() const;
  void clear();

  /// Starts a row; every column is absent until it is set. Setting a column twice keeps the last
  /// value.
  void begin_row();
  void set_text(std::uint16_t column,
                std::string_view text);  ///< string, dynamic (JSON text), hex digits for kHex
  void set_number(std::uint16_t column,
                  std::int64_t number);  ///< int, long, bool, datetime (Ticks)
  void set_real(std::uint16_t column, double real);
  void set_keys(std::uint16_t column, std::span<const std::int64_t> keys);          ///< kKeys
  void set_strings(std::uint16_t column, std::span<const std::string_view> texts);  ///< kStrings

  /// Gives every row of the batch the same number (BatchId, IngestTime).
  void fill(std::uint16_t column, std::int64_t number);

  /// Back-reads of the current or an earlier row, for enrichment and tests. Empty / 0 where absent.
  [[nodiscard]] std::string_view text_at(std::size_t row, std::uint16_t column) const;
  [[nodiscard]] std::int64_t number_at(std::size_t row, std::uint16_t column) const;
  [[nodiscard]] bool is_absent(std::size_t row, std::uint16_t column) const;
  /// One row as a JSON object of the columns that are not absent, by their names; for tests and
  /// diagnostics.
  void append_row_json(std::string& out, std::size_t row) const;

  /// Appends one Native block (columns count, rows count, then name, type, data of each column)
  /// with the rows `selected`, or all rows where it is empty. Columns that no row sets are left
  /// out. Format: ClickHouse documentation, "Native".
  void append_native(std::string& out, std::span<const std::uint32_t> selected = {}) const;

 private:
  struct ColumnData;
  struct RowRange;
  /// The values of the rows in `range`, as Native has them behind name and type.
  static void append_values(std::string& out, const ColumnData& data, const schema::Column& shape,
                            const RowRange& range);
  const schema::Table* table_;
  std::size_t rows_ = 0;
  std::vector<ColumnData> columns_;

 public:
  ~Batch();
  Batch(Batch&&) noexcept;
  Batch& operator=(Batch&&) noexcept;
};

}  // namespace spoor::event
