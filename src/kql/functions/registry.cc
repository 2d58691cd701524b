#include "kql/functions/registry.h"

#include <utility>

namespace spoor::kql {

void Registry::add(FunctionSpec spec) {
  functions_.push_back(std::make_unique<FunctionSpec>(std::move(spec)));
  const FunctionSpec* kept = functions_.back().get();
  function_by_name_[kept->name] = kept;
  for (const auto alias : kept->aliases) {
    function_by_name_[alias] = kept;
  }
}

void Registry::add(AggregateSpec spec) {
  aggregates_.push_back(std::make_unique<AggregateSpec>(std::move(spec)));
  const AggregateSpec* kept = aggregates_.back().get();
  aggregate_by_name_[kept->name] = kept;
  for (const auto alias : kept->aliases) {
    aggregate_by_name_[alias] = kept;
  }
}

const FunctionSpec* Registry::function(std::string_view name) const {
  const auto found = function_by_name_.find(name);
  return found == function_by_name_.end() ? nullptr : found->second;
}

const AggregateSpec* Registry::aggregate(std::string_view name) const {
  const auto found = aggregate_by_name_.find(name);
  return found == aggregate_by_name_.end() ? nullptr : found->second;
}

std::vector<std::string_view> Registry::function_names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, spec] : function_by_name_) {
    names.push_back(name);
  }
  return names;
}

std::vector<std::string_view> Registry::aggregate_names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, spec] : aggregate_by_name_) {
    names.push_back(name);
  }
  return names;
}

const Registry& registry() {
  static const Registry instance = [] {
    Registry made;
    add_all_functions(made);
    return made;
  }();
  return instance;
}

}  // namespace spoor::kql
