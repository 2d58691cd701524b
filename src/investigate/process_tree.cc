#include "investigate/process_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "investigate/plan_text.h"
#include "investigate/process_acts.h"

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
    tree.folds = std::move(folds_);
    if (request_.process_key != 0 && (truncated_ || !unread_.empty())) {
      tree.known_descendants = TRY(count_descendants());
    }
    for (const std::int64_t key : TRY(parents_among(unread_))) {
      has_more_.insert(key);
    }
    for (const ProcessFold& fold : tree.folds) {
      has_more_.insert(fold.parent_key);
    }
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
| where {} and ActionType == "ProcessCreated" and ({})
| sort by Timestamp asc, EventId asc
| take {}
| project Timestamp, EventId, ProcessKey, InitiatingProcessKey, ProcessId, ProcessCreationTime, FileName, ProcessCommandLine,
          AccountDomain, AccountName, ProcessIntegrityLevel, ProcessTokenElevation, InitiatingProcessId, InitiatingProcessCreationTime, InitiatingProcessFileName, InitiatingProcessCommandLine
)";

  static std::int64_t number(const kql::Row& row, std::size_t column, std::int64_t otherwise) {
    return number_of(row[column], otherwise);
  }
  static std::string text(const kql::Row& row, std::size_t column) { return text_of(row[column]); }

  /// Rows of one process may be several (two logs tell of one start).
  [[nodiscard]] std::int64_t rows_left() const {
    return std::max<std::int64_t>(request_.most * 2 + 2 - rows_, 1);
  }

  /// Rows for which `condition` (a text of ours, `{}` stands for the keys) holds, in the order of
  /// time. False where there are more than may be read.
  Result<bool> load(std::string_view condition, const std::vector<std::int64_t>& keys) {
    Arguments arguments;
    const std::string listed = keys.empty() ? "" : arguments.numbers(keys);
    const std::int64_t left = rows_left();
    const std::string query =
        fmt::format(kStarts, device_condition(request_.device.ids, arguments),
                    fmt::format(fmt::runtime(condition), listed), arguments.number(left + 1));
    std::int64_t read = 0;
    TRY(views_.run(query, arguments.take(), left + 1,
                   [&](std::span<const kql::Row> rows) -> Result<void> {
                     for (const kql::Row& row : rows) {
                       if (++read <= left) {
                         ++rows_;
                         add(row);
                       }
                     }
                     return {};
                   }));
    const bool is_whole = read <= left && static_cast<std::int64_t>(nodes_.size()) <= request_.most;
    truncated_ = truncated_ || !is_whole;
    return is_whole;
  }

  /// Of several records of one start the first in time counts, and the others fill in what it
  /// lacks: whatever the order in which they were stored.
  void add(const kql::Row& row) {
    const std::int64_t key = number(row, 2, 0);
    if (key == 0) {
      return;
    }
    ProcessNode& node = nodes_[key];
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
    fill(node.integrity, text(row, 10));
    fill(node.elevation, text(row, 11));
    if (node.parent_key != 0) {
      ProcessNode& parent = parents_[node.parent_key];
      parent.key = node.parent_key;
      parent.is_inferred = true;
      parent.process_id = parent.process_id < 0 ? number(row, 12, -1) : parent.process_id;
      parent.started = parent.started == 0 ? number(row, 13, 0) : parent.started;
      fill(parent.file_name, text(row, 14));
      fill(parent.command_line, text(row, 15));
    }
  }

  Result<void> load_family() {
    TRY(load("ProcessKey in ({})", {request_.process_key}));
    if (!nodes_.contains(request_.process_key)) {
      // Not started in what was recorded, but perhaps it acted.
      TRY(load("InitiatingProcessKey in ({})", {request_.process_key}));
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
      TRY(load("ProcessKey in ({})", {key}));
    }
    if (request_.siblings) {
      TRY_VOID(fold_siblings());
    }
    std::vector<std::int64_t> generation = {request_.process_key};
    std::set<std::int64_t> expanded;
    for (int level = 0; level < request_.depth && !generation.empty(); ++level) {
      expanded.insert(generation.begin(), generation.end());
      TRY_VOID(load_children(generation));
      std::vector<std::int64_t> next;
      for (const auto& [key, node] : nodes_) {
        if (expanded.contains(node.parent_key) && !expanded.contains(key)) {
          next.push_back(key);
        }
      }
      generation = std::move(next);
      if (truncated_) {
        break;
      }
    }
    unread_ = std::move(generation);
    return {};
  }

  static constexpr std::string_view kChildren = R"(
DeviceProcessEvents
| where {} and ActionType == "ProcessCreated" and InitiatingProcessKey in ({}) and ProcessKey != 0
| summarize Processes = dcount(ProcessKey, 4) by InitiatingProcessKey, FileName
| sort by Processes asc, InitiatingProcessKey asc, FileName asc
)";

  /// Children by parent and file name, the fewest first.
  Result<std::vector<ProcessFold>> count_children(const std::vector<std::int64_t>& parents) {
    Arguments arguments;
    const std::string query = fmt::format(
        kChildren, device_condition(request_.device.ids, arguments), arguments.numbers(parents));
    std::vector<ProcessFold> groups;
    TRY(views_.run(query, arguments.take(), 100'000,
                   [&](std::span<const kql::Row> rows) -> Result<void> {
                     for (const kql::Row& row : rows) {
                       groups.push_back({number(row, 0, 0), text(row, 1), number(row, 2, 0)});
                     }
                     return {};
                   }));
    return groups;
  }

  /// The start's siblings are counted, not shown.
  Result<void> fold_siblings() {
    const ProcessNode& start = nodes_.at(request_.process_key);
    if (start.parent_key == 0) {
      return {};
    }
    for (ProcessFold& fold : TRY(count_children({start.parent_key}))) {
      fold.count -= equals_ignoring_case(fold.file_name, start.file_name) ? 1 : 0;
      fold.is_sibling = true;
      if (fold.count > 0) {
        folds_.push_back(std::move(fold));
      }
    }
    return {};
  }

  /// Children of a generation; where they are too many, the largest groups of them are folded.
  Result<void> load_children(const std::vector<std::int64_t>& parents) {
    const auto before = std::tuple(nodes_, parents_, rows_, truncated_);
    if (TRY(load("InitiatingProcessKey in ({})", parents))) {
      return {};
    }
    std::tie(nodes_, parents_, rows_, truncated_) = before;
    std::int64_t left = request_.most - static_cast<std::int64_t>(nodes_.size());
    std::vector<ProcessFold> folded;
    for (ProcessFold& group : TRY(count_children(parents))) {
      left -= group.count;
      if (left < 0) {
        folded.push_back(std::move(group));
      }
    }
    // What is folded is named by parent and file; everything else is read.
    Arguments arguments;
    std::vector<std::string> names;
    for (const ProcessFold& fold : folded) {
      names.push_back(fmt::format("{}/{}", fold.parent_key, fold.file_name));
    }
    const std::int64_t rows = rows_left();
    const std::string query = fmt::format(
        kStarts, device_condition(request_.device.ids, arguments),
        fmt::format(
            "InitiatingProcessKey in ({}) and strcat(InitiatingProcessKey, \"/\", FileName) "
            "!in ({})",
            arguments.numbers(parents), arguments.texts(names)),
        arguments.number(rows));
    TRY(views_.run(query, arguments.take(), rows,
                   [&](std::span<const kql::Row> part) -> Result<void> {
                     for (const kql::Row& row : part) {
                       ++rows_;
                       add(row);
                     }
                     return {};
                   }));
    std::ranges::move(folded, std::back_inserter(folds_));
    truncated_ = true;
    return {};
  }

  /// Those of the processes that started others.
  Result<std::vector<std::int64_t>> parents_among(const std::vector<std::int64_t>& keys) {
    std::vector<std::int64_t> found;
    if (keys.empty()) {
      return found;
    }
    for (const ProcessFold& group : TRY(count_children(keys))) {
      found.push_back(group.parent_key);
    }
    return found;
  }

  Result<std::int64_t> count_descendants() {
    Arguments arguments;
    const std::string key = arguments.number(request_.process_key);
    const std::string query = fmt::format(
        "DeviceProcessEvents | where {0} and ActionType == \"ProcessCreated\" and "
        "(InitiatingProcessKey == {1} or set_has_element(Ancestors, {1})) | summarize "
        "dcount(ProcessKey, 4)",
        device_condition(request_.device.ids, arguments), key);
    std::int64_t count = 0;
    TRY(views_.run(query, arguments.take(), 1, [&](std::span<const kql::Row> rows) -> Result<void> {
      count = number(rows[0], 0, 0);
      return {};
    }));
    return count;
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
    tree.nodes.back().has_more = has_more_.contains(node.key);
    append_children(children, node.key, depth + 1, tree);
  }

  const Views& views_;
  const ProcessTreeRequest& request_;
  std::map<std::int64_t, ProcessNode> nodes_;
  std::map<std::int64_t, ProcessNode> parents_;  // as their children tell of them
  std::set<std::int64_t> placed_;
  std::vector<ProcessFold> folds_;
  std::vector<std::int64_t> unread_;  // of the last generation, whose children were not read
  std::set<std::int64_t> has_more_;
  std::int64_t rows_ = 0;
  bool truncated_ = false;
};

Result<ProcessTree> process_tree(const Views& views, const ProcessTreeRequest& request) {
  TRY_VOID(views.check(request.device));
  ProcessTree tree = TRY(ProcessTreeView(views, request).build());
  if (request.acts) {
    TRY_VOID(add_process_acts(views, request.device, tree.nodes));
  }
  return tree;
}

}  // namespace spoor::investigate
