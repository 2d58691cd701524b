#include "investigate/process_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace spoor::investigate {

/// Reads the rows that tell of starts, and puts them together.
class ProcessTreeView {
 public:
  ProcessTreeView(const Views& views, const ProcessTreeRequest& request)
      : views_(views), request_(request) {}

  Result<ProcessTree> build() {
    if (request_.process_key == 0) {
      TRY_VOID(load("true", {}));
    } else {
      TRY_VOID(load_family());
    }
    infer_parents();
    ProcessTree tree;
    tree.truncated = truncated_;
    std::map<std::int64_t, std::vector<const ProcessNode*>> children;
    for (const auto& [key, node] : nodes_) {
      children[nodes_.contains(node.parent_key) && node.parent_key != key ? node.parent_key : 0]
          .push_back(&node);
    }
    for (auto& [parent, siblings] : children) {
      std::ranges::sort(siblings, {}, [](const ProcessNode* node) {
        return std::tuple(node->started, node->process_id, node->key);
      });
    }
    append_children(children, 0, 0, tree);
    // What is left hangs on itself (a damaged log can say so): it is shown, at the top.
    for (const auto& [key, node] : nodes_) {
      if (!placed_.contains(key)) {
        place(children, node, 0, tree);
      }
    }
    return tree;
  }

 private:
  static constexpr std::string_view kStarts = R"(
DeviceProcessEvents
| where DeviceId == device and ActionType == "ProcessCreated" and ({})
| sort by Timestamp asc, EventId asc
| take page_rows
| project Timestamp, EventId, ProcessKey, InitiatingProcessKey, ProcessId, ProcessCreationTime, FileName, ProcessCommandLine,
          AccountDomain, AccountName, InitiatingProcessId, InitiatingProcessCreationTime, InitiatingProcessFileName, InitiatingProcessCommandLine
)";

  static std::int64_t number(const kql::Row& row, std::size_t column, std::int64_t otherwise) {
    const auto* value = std::get_if<std::int64_t>(&row[column]);
    return value == nullptr ? otherwise : *value;
  }
  static std::string text(const kql::Row& row, std::size_t column) {
    const auto* value = std::get_if<std::string>(&row[column]);
    return value == nullptr ? "" : *value;
  }

  /// Rows for which `condition` (a text of ours) holds, in the order of time.
  Result<std::size_t> load(std::string_view condition, const std::vector<std::int64_t>& keys) {
    const std::int64_t left = request_.most * 2 + 2 - rows_;
    std::vector<kql::NamedArgument> arguments = {{"device", kql::Type::kString, request_.device_id},
                                                 {"page_rows", kql::Type::kLong, left}};
    if (!keys.empty()) {
      arguments.push_back({"keys", kql::Type::kDynamic, fmt::format("[{}]", fmt::join(keys, ","))});
    }
    std::size_t added = 0;
    const auto result = TRY(views_.run(fmt::format(kStarts, condition), std::move(arguments),
                                       std::max<std::int64_t>(left, 1),
                                       [&](std::span<const kql::Row> rows) -> Result<void> {
                                         for (const kql::Row& row : rows) {
                                           ++rows_;
                                           added += add(row) ? 1 : 0;
                                         }
                                         return {};
                                       }));
    truncated_ =
        truncated_ || result.truncated || static_cast<std::int64_t>(nodes_.size()) > request_.most;
    return added;
  }

  /// True where the row tells of a process that was not known yet. Of several records of one start
  /// the first in time counts, and the others fill in what it lacks: whatever the order in which
  /// they were stored.
  bool add(const kql::Row& row) {
    const std::int64_t key = number(row, 2, 0);
    if (key == 0) {
      return false;
    }
    const auto [found, is_new] = nodes_.try_emplace(key);
    ProcessNode& node = found->second;
    const auto fill = [](std::string& into, std::string value) {
      if (into.empty()) {
        into = std::move(value);
      }
    };
    node.key = key;
    node.parent_key = node.parent_key == 0 ? number(row, 3, 0) : node.parent_key;
    node.process_id = node.process_id < 0 ? number(row, 4, -1) : node.process_id;
    const Ticks started = number(row, 5, number(row, 0, 0));
    node.started = node.started == 0 ? started : std::min(node.started, started);
    fill(node.file_name, text(row, 6));
    fill(node.command_line, text(row, 7));
    const std::string domain = text(row, 8);
    const std::string name = text(row, 9);
    fill(node.account, domain.empty() || name.empty() ? name : domain + "\\" + name);
    if (node.parent_key != 0) {
      ProcessNode& parent = parents_[node.parent_key];
      parent.key = node.parent_key;
      parent.is_inferred = true;
      parent.process_id = parent.process_id < 0 ? number(row, 10, -1) : parent.process_id;
      parent.started = parent.started == 0 ? number(row, 11, 0) : parent.started;
      fill(parent.file_name, text(row, 12));
      fill(parent.command_line, text(row, 13));
    }
    return is_new;
  }

  Result<void> load_family() {
    TRY(load("ProcessKey in (keys)", {request_.process_key}));
    if (!nodes_.contains(request_.process_key)) {
      // Not started in what was recorded, but perhaps it acted.
      TRY(load("InitiatingProcessKey in (keys)", {request_.process_key}));
      if (nodes_.empty()) {
        return fail(Error::make(ErrorCode::kNotFound,
                                fmt::format("no process has the key {}", request_.process_key)));
      }
    }
    std::set<std::int64_t> asked = {request_.process_key};
    constexpr int kMostAncestors = 64;
    for (std::int64_t key = request_.process_key, level = 0; level < kMostAncestors; ++level) {
      const auto found = nodes_.find(key);
      if (found == nodes_.end() || found->second.parent_key == 0 ||
          !asked.insert(found->second.parent_key).second) {
        break;
      }
      key = found->second.parent_key;
      TRY(load("ProcessKey in (keys)", {key}));
    }
    std::vector<std::int64_t> generation = {request_.process_key};
    std::set<std::int64_t> expanded;
    for (int level = 0; level < request_.depth && !generation.empty() && !truncated_; ++level) {
      expanded.insert(generation.begin(), generation.end());
      TRY(load("InitiatingProcessKey in (keys)", generation));
      std::vector<std::int64_t> next;
      for (const auto& [key, node] : nodes_) {
        if (expanded.contains(node.parent_key) && !expanded.contains(key)) {
          next.push_back(key);
        }
      }
      generation = std::move(next);
    }
    return {};
  }

  void infer_parents() {
    for (const auto& [key, parent] : parents_) {
      if (!nodes_.contains(key)) {
        nodes_.emplace(key, parent);
      }
    }
  }

  using Children = std::map<std::int64_t, std::vector<const ProcessNode*>>;

  void append_children(const Children& children, std::int64_t key, int depth, ProcessTree& tree) {
    const auto found = children.find(key);
    if (found == children.end()) {
      return;
    }
    for (const ProcessNode* node : found->second) {
      place(children, *node, depth, tree);
    }
  }

  void place(const Children& children, const ProcessNode& node, int depth, ProcessTree& tree) {
    constexpr int kDeepest = 512;
    if (!placed_.insert(node.key).second || depth > kDeepest) {
      return;
    }
    tree.nodes.push_back(node);
    tree.nodes.back().depth = depth;
    append_children(children, node.key, depth + 1, tree);
  }

  const Views& views_;
  const ProcessTreeRequest& request_;
  std::map<std::int64_t, ProcessNode> nodes_;
  std::map<std::int64_t, ProcessNode> parents_;  // as their children tell of them
  std::set<std::int64_t> placed_;
  std::int64_t rows_ = 0;
  bool truncated_ = false;
};

Result<ProcessTree> process_tree(const Views& views, const ProcessTreeRequest& request) {
  return ProcessTreeView(views, request).build();
}

}  // namespace spoor::investigate
