#pragma once
// Conditions moved below joins, to the side they read, where that changes no answer.

#include <map>

#include "kql/plan/plan.h"

namespace spoor::kql {

/// Rewrites plans; nodes that several plans share are rewritten once. It keeps every node it has
/// seen, so one serves one statement.
class FilterPush {
 public:
  NodePtr rewrite(const NodePtr& plan);

 private:
  std::map<const Node*, NodePtr> done_;
  std::vector<NodePtr> seen_;  ///< keeps the keys of done_ alive
  int depth_ = 0;
};

}  // namespace spoor::kql
