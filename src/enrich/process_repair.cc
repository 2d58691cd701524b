#include "enrich/process_repair.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <span>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.h"
#include "base/text.h"
#include "enrich/process_key.h"
#include "enrich/process_table.h"

namespace spoor::enrich {
namespace {

constexpr Ticks kAlways = std::numeric_limits<Ticks>::max();
constexpr Ticks kNever = std::numeric_limits<Ticks>::min();
constexpr std::int64_t kNoSecond = std::numeric_limits<std::int64_t>::min();
/// Seconds around a GUID's within which its process's stated start is looked for.
constexpr std::int64_t kNearSeconds = 5;

bool same_file_name(std::string_view left, std::string_view right) {
  left = path_file_name(left);
  right = path_file_name(right);
  return left.empty() || right.empty() || equals_ignoring_case(left, right);
}

/// What a draft is found by: who names it so, its pid, and the second of its creation.
struct DraftName {
  bool is_sysmon = false;
  std::int64_t pid = 0;
  std::int64_t second = 0;
  bool operator==(const DraftName&) const = default;
};
struct DraftNameHash {
  std::size_t operator()(const DraftName& name) const {
    return hash_combine(hash_combine(name.is_sysmon ? 1 : 0, static_cast<std::uint64_t>(name.pid)),
                        static_cast<std::uint64_t>(name.second));
  }
};

/// A process while it is being put together.
struct Draft {
  ProcessCluster cluster;
  bool is_sysmon = false;
  bool exact_start = false;  // stated by a record, not only the second of a GUID
  bool has_start = false;
  bool details_missed = false;
  std::int32_t least_depth = ProcessView::kMaxAncestors;
  std::int64_t second = 0;
  std::int64_t audit_second = kNoSecond;  // of the 4688 within
  std::int64_t parent_second = 0;
  Ticks from = 0;  // references by pid within [from, to] mean this process
  Ticks to = 0;
};

class Repairer {
 public:
  Repairer(std::string_view device_id, std::vector<ProcessFact> facts)
      : device_id_(device_id), facts_(std::move(facts)) {}

  ProcessRepair run() {
    std::ranges::sort(facts_);
    index_.reserve(facts_.size());
    group_sysmon();
    group_audit();
    put_in_order();
    take_ends();
    for (const auto& [pid, drafts] : by_pid_) {
      set_ranges(drafts);
    }
    kept_.reserve(facts_.size());
    for (ProcessFact& fact : facts_) {
      rewrite(std::move(fact));
    }
    facts_ = {};
    link_parents();
    return finish();
  }

 private:
  std::int64_t natural_key(const ProcessFact& fact) const {
    if (fact.is_sysmon) {
      return process_key(device_id_, fact.pid, fact.guid_second);
    }
    return process_key(device_id_, fact.pid, floor_second(fact.start));
  }

  /// The draft of (pid, second); pointers last until the drafts are put in order.
  Draft& draft_of(bool is_sysmon, std::int64_t pid, std::int64_t second) {
    const auto [place, added] = index_.try_emplace(DraftName{is_sysmon, pid, second}, nullptr);
    if (added) {
      Draft& draft = unordered_.emplace_back();
      draft.is_sysmon = is_sysmon;
      draft.second = second;
      draft.cluster.pid = pid;
      draft.cluster.start = second * kTicksPerSecond;
      draft.cluster.key = process_key(device_id_, pid, second);
      place->second = &draft;
    }
    return *place->second;
  }

  void group_sysmon() {
    for (const ProcessFact& fact : facts_) {
      if (!fact.is_sysmon) {
        continue;
      }
      Draft& draft = draft_of(true, fact.pid, fact.guid_second);
      if (fact.kind == FactKind::kStart) {
        take_start(draft, fact);
      }
    }
    // What other events say of a process stands behind its start record.
    for (const ProcessFact& fact : facts_) {
      if (fact.is_sysmon && fact.kind != FactKind::kStart) {
        Draft& draft = draft_of(true, fact.pid, fact.guid_second);
        draft.cluster.details.fill_from(fact.details);
        if (fact.kind == FactKind::kSeen) {
          draft.least_depth = std::min(draft.least_depth, fact.least_depth);
          draft.details_missed |= fact.details_missed;
        }
      }
    }
  }

  static void take_start(Draft& draft, const ProcessFact& fact) {
    draft.cluster.details.fill_from(fact.details);
    draft.has_start = true;
    if (!draft.exact_start) {
      draft.cluster.start = fact.start;
      draft.exact_start = true;
    }
    if (draft.cluster.parent_pid < 0 && fact.parent_pid >= 0) {
      draft.cluster.parent_pid = fact.parent_pid;
      draft.parent_second = fact.parent_second;
    }
  }

  /// Joins each audit record (4688) with the nearest Sysmon process of its pid and name, one to
  /// one.
  void group_audit() {
    for (const ProcessFact& fact : facts_) {
      if (fact.kind != FactKind::kStart || fact.is_sysmon) {
        continue;
      }
      const std::int64_t second = floor_second(fact.start);
      Draft* nearest = nullptr;
      Ticks nearest_distance = kStartTolerance + 1;
      // The start that a Sysmon record states lies in the second of its GUID or close to it.
      for (std::int64_t other = second - kNearSeconds; other <= second + kNearSeconds; ++other) {
        const auto found = index_.find(DraftName{true, fact.pid, other});
        if (found == index_.end()) {
          continue;
        }
        Draft& draft = *found->second;
        const bool taken = draft.audit_second != kNoSecond && draft.audit_second != second;
        const Ticks distance = std::abs(draft.cluster.start - fact.start);
        if (!taken && distance < nearest_distance &&
            same_file_name(draft.cluster.details->image, fact.details->image)) {
          nearest = &draft;
          nearest_distance = distance;
        }
      }
      if (nearest == nullptr) {
        nearest = &draft_of(false, fact.pid, second);
      }
      nearest->audit_second = second;
      take_start(*nearest, fact);
      if (const std::int64_t natural = natural_key(fact); natural != nearest->cluster.key) {
        canonical_[natural] = nearest->cluster.key;
      }
    }
  }

  /// By pid, then start. Pointers to drafts end here.
  void put_in_order() {
    index_ = {};
    drafts_.assign(std::move_iterator(unordered_.begin()), std::move_iterator(unordered_.end()));
    unordered_ = {};
    std::ranges::sort(drafts_, [](const Draft& left, const Draft& right) {
      return std::tuple(left.cluster.pid, left.cluster.start, left.cluster.key, left.is_sysmon) <
             std::tuple(right.cluster.pid, right.cluster.start, right.cluster.key, right.is_sysmon);
    });
    for (std::size_t first = 0, at = 0; at < drafts_.size(); ++at) {
      if (at + 1 == drafts_.size() || drafts_[at + 1].cluster.pid != drafts_[at].cluster.pid) {
        by_pid_[drafts_[at].cluster.pid] = std::span(drafts_).subspan(first, at + 1 - first);
        first = at + 1;
      }
    }
  }

  /// Processes of a pid, the earliest first.
  std::span<Draft> of_pid(std::int64_t pid) const {
    const auto found = by_pid_.find(pid);
    return found == by_pid_.end() ? std::span<Draft>() : found->second;
  }

  static Ticks start_of(const Draft& draft) { return draft.cluster.start; }

  /// The Sysmon process of a GUID, once the drafts are in order.
  Draft* at_second(std::int64_t pid, std::int64_t second) {
    const std::span<Draft> drafts = of_pid(pid);
    const Ticks from = (second - kNearSeconds) * kTicksPerSecond;
    const Ticks to = (second + kNearSeconds + 1) * kTicksPerSecond;
    auto draft = std::ranges::lower_bound(drafts, from, {}, &start_of);
    for (; draft != drafts.end() && draft->cluster.start <= to; ++draft) {
      if (draft->is_sysmon && draft->second == second) {
        return &*draft;
      }
    }
    return nullptr;
  }

  void take_ends() {
    for (const ProcessFact& fact : facts_) {
      if (fact.kind != FactKind::kEnd) {
        continue;
      }
      Draft* ended = nullptr;
      if (fact.is_sysmon) {
        ended = at_second(fact.pid, fact.guid_second);
      } else {
        const std::span<Draft> drafts = of_pid(fact.pid);
        const auto next = std::ranges::upper_bound(drafts, fact.end, {}, &start_of);
        ended = next == drafts.begin() ? nullptr : &*std::prev(next);
      }
      if (ended != nullptr) {
        ended->cluster.end = std::max(ended->cluster.end, fact.end);
      }
    }
  }

  static void set_ranges(std::span<Draft> drafts) {
    Ticks previous_end = kNever;  // until then the pid belongs to the process before
    for (std::size_t at = 0; at < drafts.size(); ++at) {
      Draft& draft = drafts[at];
      draft.from = std::max(draft.cluster.start - kStartTolerance, previous_end);
      draft.to = draft.cluster.end == 0 ? kAlways : draft.cluster.end + kStartTolerance;
      if (at + 1 < drafts.size()) {
        const Ticks next = drafts[at + 1].cluster.start;
        draft.to = std::min(draft.to, next - 1);
      }
      // A stated end may lie before its start; the ranges stay in order for the look-ups.
      draft.to = std::max(draft.to, draft.from - 1);
      previous_end = draft.to == kAlways ? kAlways : draft.to + 1;
    }
  }

  Draft* at_time(std::int64_t pid, Ticks time) {
    const std::span<Draft> drafts = of_pid(pid);
    const auto draft = std::ranges::lower_bound(drafts, time, {}, &Draft::to);
    return draft != drafts.end() && draft->from <= time ? &*draft : nullptr;
  }

  void rewrite(ProcessFact fact) {
    switch (fact.kind) {
      case FactKind::kSeen:
        kept_.push_back(std::move(fact));
        return;
      case FactKind::kStart: {
        const std::int64_t natural = natural_key(fact);
        const auto moved = canonical_.find(natural);
        const std::int64_t key = moved == canonical_.end() ? natural : moved->second;
        if (key != fact.key) {
          // The rows of this record alone, where the key that they got is another process's own.
          const bool own = fact.key == natural;
          rewrites_.push_back(
              {fact.key, own ? kNever : fact.event_time, own ? kAlways : fact.event_time + 1, key});
        }
        fact.key = key;
        kept_.push_back(std::move(fact));
        return;
      }
      case FactKind::kEnd:
        fact.is_sysmon ? kept_.push_back(std::move(fact)) : rewrite_span(fact);
        return;
      case FactKind::kReference:
        rewrite_span(fact);
        return;
    }
  }

  void rewrite_span(const ProcessFact& fact) {
    const std::span<Draft> drafts = of_pid(fact.pid);
    Ticks told_until = fact.event_time;  // what lies before is dealt with
    auto place = std::ranges::lower_bound(drafts, fact.event_time, {}, &Draft::to);
    for (; place != drafts.end() && place->from <= fact.last_time; ++place) {
      Draft& draft = *place;
      const Ticks from = std::max(draft.from, fact.event_time);
      const Ticks to = std::min(draft.to, fact.last_time);
      const std::int64_t key = draft.cluster.key;
      draft.least_depth = std::min(draft.least_depth, fact.least_depth);
      draft.details_missed |= fact.details_missed || fact.key != key;
      if (fact.key != key) {
        rewrites_.push_back({fact.key, from, to == kAlways ? kAlways : to + 1, key});
      }
      if (told_until < from) {
        orphan_span(fact, told_until, from - 1);
      }
      keep_span(fact, key, from, to);
      told_until = to + 1;
    }
    if (told_until <= fact.last_time) {
      orphan_span(fact, told_until, fact.last_time);
    }
  }

  /// A time in which no known process has the pid.
  void orphan_span(const ProcessFact& fact, Ticks from, Ticks to) {
    const std::int64_t key = inferred_process_key(device_id_, fact.pid);
    if (fact.key != key) {
      rewrites_.push_back({fact.key, from, to + 1, key});
    }
    keep_span(fact, key, from, to);
  }

  void keep_span(const ProcessFact& fact, std::int64_t key, Ticks from, Ticks to) {
    ProcessFact& part = kept_.emplace_back(fact);
    part.key = key;
    part.event_time = from;
    part.last_time = to;
  }

  void link_parents() {
    for (Draft& draft : drafts_) {
      ProcessCluster& cluster = draft.cluster;
      if (cluster.parent_pid < 0) {
        continue;
      }
      if (draft.parent_second != 0) {
        cluster.parent_key = process_key(device_id_, cluster.parent_pid, draft.parent_second);
      } else {
        const Draft* const parent = at_time(cluster.parent_pid, cluster.start);
        cluster.parent_key = parent != nullptr && parent != &draft
                                 ? parent->cluster.key
                                 : inferred_process_key(device_id_, cluster.parent_pid);
      }
    }
  }

  ProcessRepair finish() {
    ProcessRepair repair;
    // Where a 4688 and a Sysmon start of one second stand apart, the later draft counts.
    std::unordered_map<std::int64_t, const ProcessCluster*> known;
    std::unordered_set<std::int64_t> started;
    known.reserve(drafts_.size());
    for (const Draft& draft : drafts_) {
      known[draft.cluster.key] = &draft.cluster;
      if (draft.has_start) {
        started.insert(draft.cluster.key);
      }
    }
    for (Draft& draft : drafts_) {
      std::vector<std::int64_t>& ancestors = draft.cluster.ancestors;
      std::int64_t parent = draft.cluster.parent_key;
      while (parent != 0 && parent != draft.cluster.key &&
             ancestors.size() < ProcessView::kMaxAncestors &&
             std::ranges::find(ancestors, parent) == ancestors.end()) {
        ancestors.push_back(parent);
        const auto found = known.find(parent);
        parent = found == known.end() ? 0 : found->second->parent_key;
      }
      draft.cluster.needs_fill = (draft.details_missed && draft.has_start) ||
                                 draft.least_depth < static_cast<std::int32_t>(ancestors.size());
    }
    for (ProcessFact& fact : kept_) {
      const auto found = known.find(fact.key);
      if (found != known.end()) {
        fact.least_depth = static_cast<std::int32_t>(found->second->ancestors.size());
        fact.details_missed = fact.details_missed && !started.contains(fact.key);
      }
    }
    // They come in the order of the facts; a key that was corrected may stand elsewhere.
    if (!std::ranges::is_sorted(kept_)) {
      std::ranges::sort(kept_);
    }
    repair.facts = std::move(kept_);
    repair.clusters.reserve(drafts_.size());
    for (Draft& draft : drafts_) {
      repair.clusters.push_back(std::move(draft.cluster));
    }
    std::ranges::sort(rewrites_, [](const ProcessRewrite& left, const ProcessRewrite& right) {
      const bool left_whole = left.from == kNever;
      const bool right_whole = right.from == kNever;
      return left_whole != right_whole ? right_whole : left < right;
    });
    const auto repeated = std::ranges::unique(rewrites_);
    rewrites_.erase(repeated.begin(), repeated.end());
    repair.rewrites = std::move(rewrites_);
    return repair;
  }

  std::string_view device_id_;
  std::vector<ProcessFact> facts_;
  std::deque<Draft> unordered_;
  std::unordered_map<DraftName, Draft*, DraftNameHash> index_;
  std::vector<Draft> drafts_;  // once in order
  std::unordered_map<std::int64_t, std::span<Draft>> by_pid_;
  std::unordered_map<std::int64_t, std::int64_t>
      canonical_;  // key of an audit record → its process
  std::vector<ProcessRewrite> rewrites_;
  std::vector<ProcessFact> kept_;
};

}  // namespace

const ProcessCluster* ProcessRepair::find(std::int64_t key) const {
  for (const ProcessCluster& cluster : clusters) {
    if (cluster.key == key) {
      return &cluster;
    }
  }
  return nullptr;
}

ProcessRepair repair_processes(std::string_view device_id, std::vector<ProcessFact> facts) {
  return Repairer(device_id, std::move(facts)).run();
}

}  // namespace spoor::enrich
