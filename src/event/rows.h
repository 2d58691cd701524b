#pragma once
// One batch for each table of the schema, filled together from the same records. One thread owns
// it.

#include <vector>

#include "event/batch.h"
#include "schema/gen/ordinals.h"
#include "schema/schema.h"

namespace spoor::event {

class Rows {
 public:
  Rows() {
    batches_.reserve(schema::tables().size());
    for (const schema::Table& table : schema::tables()) {
      batches_.emplace_back(table);
    }
  }

  Batch& operator[](schema::TableId table) { return batches_[static_cast<std::size_t>(table)]; }
  const Batch& operator[](schema::TableId table) const {
    return batches_[static_cast<std::size_t>(table)];
  }
  /// All batches, in the order of schema::tables(); most are empty.
  [[nodiscard]] std::vector<Batch>& batches() { return batches_; }
  [[nodiscard]] const std::vector<Batch>& batches() const { return batches_; }

  [[nodiscard]] std::size_t row_count() const {
    std::size_t total = 0;
    for (const Batch& batch : batches_) {
      total += batch.rows();
    }
    return total;
  }
  [[nodiscard]] std::size_t bytes() const {
    std::size_t total = 0;
    for (const Batch& batch : batches_) {
      total += batch.rows() == 0 ? 0 : batch.bytes();
    }
    return total;
  }
  void clear() {
    for (Batch& batch : batches_) {
      if (batch.rows() != 0) {
        batch.clear();
      }
    }
  }

 private:
  std::vector<Batch> batches_;
};

}  // namespace spoor::event
