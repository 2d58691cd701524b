#include "kql/plan/inline.h"

#include <algorithm>
#include <map>

namespace spoor::kql {
namespace {

/// Counts how often columns are read, shared sub-trees each time that they are printed; false where
/// the trees are too large to say.
bool count_reads(const Sql& sql, std::map<ColumnId, int>& reads, int& left) {
  if (--left < 0) {
    return false;
  }
  if (sql->kind == SqlNode::Kind::kColumn) {
    ++reads[sql->number];
  }
  return std::ranges::all_of(sql->children,
                             [&](const Sql& child) { return count_reads(child, reads, left); });
}

}  // namespace

bool is_pure(const Sql& sql) {
  if (sql->kind == SqlNode::Kind::kOver) {
    return false;
  }
  if (sql->kind == SqlNode::Kind::kCall &&
      (sql->text == "rand" || sql->text == "generateUUIDv4" || sql->text == "throwIf")) {
    return false;
  }
  return std::all_of(sql->children.begin(), sql->children.end(), is_pure);
}

bool can_inline(std::span<const Definition> definitions, std::span<const Sql> readers) {
  std::map<ColumnId, int> reads;
  int left = 10'000;
  return std::ranges::all_of(readers,
                             [&](const Sql& each) { return count_reads(each, reads, left); }) &&
         std::ranges::all_of(definitions, [&](const Definition& each) {
           return each.sql->kind == SqlNode::Kind::kStored ||
                  (reads[each.id] <= 1 && is_pure(each.sql));
         });
}

}  // namespace spoor::kql
