#include "kql/plan/push.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "kql/plan/inline.h"

namespace spoor::kql {
namespace {

using Ids = std::set<ColumnId>;

constexpr int kDeepest = 500;

Ids read_by(const Sql& sql) {
  Ids ids;
  visit_columns(sql, [&](std::int64_t id) { ids.insert(id); });
  return ids;
}

/// Every column a node can hand up.
void reachable(const NodePtr& plan, Ids& ids, int depth) {
  const Node& node = *plan;
  for (const auto* list : {&node.definitions, &node.keys}) {
    for (const auto& each : *list) {
      ids.insert(each.id);
    }
  }
  for (const auto& leg : node.legs) {
    for (const auto& each : leg.columns) {
      ids.insert(each.id);
    }
  }
  if (node.kind != Node::Kind::kAggregate && !node.opaque && depth < kDeepest) {
    for (const auto& input : node.inputs) {
      reachable(input, ids, depth + 1);
    }
  }
}

bool within(const Ids& ids, const Ids& all) {
  return std::includes(all.begin(), all.end(), ids.begin(), ids.end());
}

NodePtr with_input(const Node& node, std::size_t index, NodePtr input) {
  auto copy = std::make_shared<Node>(node);
  copy->inputs[index] = std::move(input);
  return copy;
}

NodePtr filtered(const NodePtr& plan, const Sql& predicate) {
  if (plan->kind == Node::Kind::kFilter) {
    auto copy = std::make_shared<Node>(*plan);
    copy->predicates.push_back(predicate);
    return copy;
  }
  auto node = std::make_shared<Node>();
  node->kind = Node::Kind::kFilter;
  node->inputs.push_back(plan);
  node->predicates.push_back(predicate);
  return node;
}

/// Sides of a join whose rows a condition on their columns may choose before the join.
bool filters_left(const Node& join) {
  return join.text == "INNER" || join.text.starts_with("LEFT");
}
bool filters_right(const Node& join) { return join.text == "INNER" || join.text == "RIGHT"; }

class Pusher {
 public:
  /// The plan with the condition somewhere below a join; nothing where it cannot get below one.
  std::optional<NodePtr> below_join(const NodePtr& plan, const Sql& predicate, int depth) {
    if (depth > kDeepest) {
      return std::nullopt;
    }
    const Node& node = *plan;
    const Ids reads = read_by(predicate);
    switch (node.kind) {
      case Node::Kind::kFilter:
      case Node::Kind::kSort:
        return through(node, predicate, depth);
      case Node::Kind::kProject: {
        const bool computed =
            std::any_of(node.definitions.begin(), node.definitions.end(),
                        [&](const auto& each) { return reads.contains(each.id); });
        return computed || node.opaque ? std::nullopt : through(node, predicate, depth);
      }
      case Node::Kind::kLimitBy:
        return on_keys(node, reads) ? through(node, predicate, depth) : std::nullopt;
      case Node::Kind::kJoin:
        return into_side(node, predicate, reads, depth);
      default:
        return std::nullopt;
    }
  }

 private:
  std::optional<NodePtr> through(const Node& node, const Sql& predicate, int depth) {
    auto below = below_join(node.inputs[0], predicate, depth + 1);
    return below ? std::optional(with_input(node, 0, *below)) : std::nullopt;
  }

  /// Rows of one key stand or fall together: the choice among them stays as it was.
  static bool on_keys(const Node& node, const Ids& reads) {
    return !reads.empty() && std::all_of(reads.begin(), reads.end(), [&](ColumnId id) {
      return std::any_of(node.keys.begin(), node.keys.end(), [&](const Definition& key) {
        return key.sql->kind == SqlNode::Kind::kColumn && key.sql->number == id;
      });
    });
  }

  std::optional<NodePtr> into_side(const Node& join, const Sql& predicate, const Ids& reads,
                                   int depth) {
    if (reads.empty()) {
      return std::nullopt;
    }
    Ids left;
    reachable(join.inputs[0], left, 0);
    if (filters_left(join) && within(reads, left)) {
      NodePtr made = with_input(join, 0, lowest(join.inputs[0], predicate, depth + 1));
      if (const auto moved = on_other_side(join, predicate, reads)) {
        made = with_input(*made, 1, lowest(join.inputs[1], *moved, depth + 1));
      }
      return made;
    }
    Ids right;
    reachable(join.inputs[1], right, 0);
    const bool only_right =
        std::none_of(reads.begin(), reads.end(), [&](ColumnId id) { return left.contains(id); });
    if (filters_right(join) && only_right && within(reads, right)) {
      return with_input(join, 1, lowest(join.inputs[1], predicate, depth + 1));
    }
    return std::nullopt;
  }

  /// A condition on the left keys as one on the right keys they are equal to.
  static std::optional<Sql> on_other_side(const Node& join, const Sql& predicate,
                                          const Ids& reads) {
    std::map<ColumnId, Sql> other;
    for (const auto& [left, right] : join.on) {
      if (left->kind == SqlNode::Kind::kColumn && right->kind == SqlNode::Kind::kColumn) {
        other[left->number] = right;
      }
    }
    if (!std::all_of(reads.begin(), reads.end(), [&](ColumnId id) { return other.contains(id); })) {
      return std::nullopt;
    }
    return replace_columns(predicate, [&](std::int64_t id) { return other.at(id); });
  }

  /// The condition on one side: below a further join or below the choice of innerunique where it
  /// may go there, else on top.
  NodePtr lowest(const NodePtr& side, const Sql& predicate, int depth) {
    if (side->kind == Node::Kind::kLimitBy && on_keys(*side, read_by(predicate))) {
      return with_input(*side, 0, lowest(side->inputs[0], predicate, depth + 1));
    }
    if (auto below = below_join(side, predicate, depth)) {
      return *below;
    }
    return filtered(side, predicate);
  }
};

/// Conditions that hold for every row of a side and read its keys only.
void conditions_on(const NodePtr& plan, const Ids& keys, std::vector<Sql>& into, int depth) {
  const Node& node = *plan;
  if (depth > 32 || node.opaque) {
    return;
  }
  if (node.kind == Node::Kind::kFilter) {
    for (const auto& predicate : node.predicates) {
      const Ids reads = read_by(predicate);
      if (!reads.empty() && within(reads, keys) && is_pure(predicate)) {
        into.push_back(predicate);
      }
    }
  }
  const bool passes = node.kind == Node::Kind::kFilter || node.kind == Node::Kind::kProject ||
                      node.kind == Node::Kind::kSort || node.kind == Node::Kind::kLimitBy ||
                      node.kind == Node::Kind::kLimit;
  if (passes) {
    conditions_on(node.inputs[0], keys, into, depth + 1);
  }
}

bool same(const Sql& left, const Sql& right) {
  return left == right ||
         (left->kind == right->kind && left->text == right->text && left->value == right->value &&
          left->number == right->number && left->split == right->split &&
          std::ranges::equal(left->children, right->children, same));
}

/// What holds for the keys of the left side holds for every row of the right side that can match.
NodePtr with_shared_conditions(const NodePtr& plan) {
  const Node& join = *plan;
  if (!filters_left(join)) {
    return plan;
  }
  std::map<ColumnId, Sql> other;
  Ids keys;
  for (const auto& [left, right] : join.on) {
    if (left->kind == SqlNode::Kind::kColumn && right->kind == SqlNode::Kind::kColumn) {
      other[left->number] = right;
      keys.insert(left->number);
    }
  }
  std::vector<Sql> conditions;
  conditions_on(join.inputs[0], keys, conditions, 0);
  if (conditions.empty()) {
    return plan;
  }
  NodePtr right = join.inputs[1];
  Ids right_keys;
  for (const auto& [left, key] : other) {
    right_keys.insert(key->number);
  }
  std::vector<Sql> present;
  conditions_on(right, right_keys, present, 0);
  Pusher pusher;
  for (const auto& each : conditions) {
    const Sql moved = replace_columns(each, [&](std::int64_t id) { return other.at(id); });
    if (std::any_of(present.begin(), present.end(),
                    [&](const Sql& known) { return same(known, moved); })) {
      continue;
    }
    const auto below = pusher.below_join(right, moved, 0);
    right = below ? *below : filtered(right, moved);
  }
  return with_input(join, 1, std::move(right));
}

}  // namespace

NodePtr FilterPush::rewrite(const NodePtr& plan) {
  if (const auto known = done_.find(plan.get()); known != done_.end()) {
    return known->second;
  }
  if (depth_ > kDeepest) {
    return plan;
  }
  ++depth_;
  auto copy = std::make_shared<Node>(*plan);
  for (auto& input : copy->inputs) {
    input = rewrite(input);
  }
  for (auto& leg : copy->legs) {
    leg.input = rewrite(leg.input);
  }
  --depth_;
  NodePtr made = copy;
  if (copy->kind == Node::Kind::kJoin) {
    made = with_shared_conditions(made);
  } else if (copy->kind == Node::Kind::kFilter) {
    Pusher pusher;
    NodePtr input = copy->inputs[0];
    std::vector<Sql> kept;
    for (const auto& predicate : copy->predicates) {
      const auto below = is_pure(predicate) ? pusher.below_join(input, predicate, 0) : std::nullopt;
      if (below) {
        input = *below;
      } else {
        kept.push_back(predicate);
      }
    }
    copy->inputs[0] = input;
    copy->predicates = std::move(kept);
    if (copy->predicates.empty()) {
      made = input;
    }
  }
  seen_.push_back(plan);
  done_[plan.get()] = made;
  return made;
}

}  // namespace spoor::kql
