#include "kql/plan/prune.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace spoor::kql {
namespace {

constexpr std::array<std::string_view, 6> kRowChoices = {"any",    "anyIf",    "argMax",
                                                         "argMin", "argMaxIf", "argMinIf"};

/// Which columns expressions read, and of which of them only parts.
class Reads {
 public:
  void add(const Sql& sql) {
    if (!seen_.insert(sql.get()).second) {
      return;
    }
    if (sql->kind == SqlNode::Kind::kMember && sql->children[0]->kind == SqlNode::Kind::kColumn) {
      parts_[sql->children[0]->number].insert(sql->number);
      return;
    }
    if (sql->kind == SqlNode::Kind::kColumn) {
      whole_.insert(sql->number);
    }
    for (const Sql& child : sql->children) {
      add(child);
    }
  }

  void add_whole(ColumnId id) { whole_.insert(id); }

  /// Numbers of the parts read of a column, from 1; null where it is read whole or not at all.
  [[nodiscard]] const std::set<std::int64_t>* parts_of(ColumnId id) const {
    const auto found = parts_.find(id);
    return found == parts_.end() || whole_.contains(id) ? nullptr : &found->second;
  }

 private:
  std::set<const SqlNode*> seen_;
  std::map<ColumnId, std::set<std::int64_t>> parts_;
  std::set<ColumnId> whole_;
};

bool is_row_choice(const Sql& sql) {
  return sql->kind == SqlNode::Kind::kCall &&
         std::ranges::find(kRowChoices, sql->text) != kRowChoices.end() &&
         sql->children[0]->kind == SqlNode::Kind::kTuple;
}

/// Those behind the last that is read are left out; others keep their numbers.
Sql with_parts(const Sql& choice, const std::set<std::int64_t>& read) {
  std::vector<Sql> parts = choice->children[0]->children;
  parts.resize(std::min(parts.size(), static_cast<std::size_t>(*read.rbegin())));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!read.contains(static_cast<std::int64_t>(i) + 1)) {
      parts[i] = keyword("0");
    }
  }
  std::vector<Sql> arguments = choice->children;
  arguments[0] = tuple(std::move(parts));
  return call(choice->text, std::move(arguments));
}

}  // namespace

bool has_one_row_each(const NodePtr& plan, std::span<const std::pair<Sql, Sql>> on) {
  const Node* node = plan.get();
  while (node->kind == Node::Kind::kFilter || node->kind == Node::Kind::kProject ||
         node->kind == Node::Kind::kSort || node->kind == Node::Kind::kLimit) {
    node = node->inputs[0].get();
  }
  return node->kind == Node::Kind::kAggregate && !node->each_key &&
         std::ranges::all_of(node->keys, [&](const Definition& key) {
           return std::ranges::any_of(on, [&](const std::pair<Sql, Sql>& pair) {
             return pair.second->kind == SqlNode::Kind::kColumn && pair.second->number == key.id;
           });
         });
}

NodePtr without_unread_parts(const NodePtr& plan, std::span<const Definition> readers,
                             const std::set<ColumnId>& wanted) {
  if (plan->kind != Node::Kind::kAggregate) {
    return plan;
  }
  Reads reads;
  for (const Definition& each : readers) {
    reads.add(each.sql);
  }
  for (const ColumnId id : wanted) {
    reads.add_whole(id);
  }
  auto pruned = std::make_shared<Node>(*plan);
  for (Definition& each : pruned->definitions) {
    const auto* parts = reads.parts_of(each.id);
    if (parts != nullptr && is_row_choice(each.sql)) {
      each.sql = with_parts(each.sql, *parts);
    }
  }
  return pruned;
}

}  // namespace spoor::kql
