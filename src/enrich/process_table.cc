#include "enrich/process_table.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <new>
#include <type_traits>

#include "base/text.h"
#include "enrich/process_key.h"

namespace spoor::enrich {
namespace {

ProcessDetails details_of(const ProcessEvidence& process) {
  ProcessDetails details;
  details.image = process.image;
  details.command_line = process.command_line;
  details.account_domain = process.account_domain;
  details.account_name = process.account_name;
  details.account_sid = process.account_sid;
  details.sha1 = process.sha1;
  details.sha256 = process.sha256;
  details.md5 = process.md5;
  details.integrity_level = process.integrity_level;
  details.token_elevation = process.token_elevation;
  details.logon_id = process.logon_id;
  return details;
}

/// True where the evidence tells something that the details lack.
bool adds_to(const ProcessEvidence& process, const ProcessDetails& known) {
  return (known.image.empty() && !process.image.empty()) ||
         (known.command_line.empty() && !process.command_line.empty()) ||
         (known.account_name.empty() && !process.account_name.empty()) ||
         (known.account_sid.empty() && !process.account_sid.empty());
}

bool same_file_name(std::string_view left, std::string_view right) {
  left = path_file_name(left);
  right = path_file_name(right);
  return left.empty() || right.empty() || equals_ignoring_case(left, right);
}

}  // namespace

void ProcessDetails::fill_from(const ProcessDetails& other) {
  // The account is one thing: parts of two sources are not mixed.
  if (account_name.empty() && account_sid.empty()) {
    account_domain = other.account_domain;
    account_name = other.account_name;
  }
  const auto take = [](std::string_view& mine, std::string_view theirs) {
    if (mine.empty()) {
      mine = theirs;
    }
  };
  take(image, other.image);
  take(command_line, other.command_line);
  take(account_sid, other.account_sid);
  take(account_name, other.account_name);
  take(account_domain, other.account_domain);
  take(sha1, other.sha1);
  take(sha256, other.sha256);
  take(md5, other.md5);
  take(integrity_level, other.integrity_level);
  take(token_elevation, other.token_elevation);
  if (logon_id == 0) {
    logon_id = other.logon_id;
  }
}

SharedDetails::SharedDetails(const ProcessDetails& details) {
  std::size_t bytes = 0;
  each_text(details, [&](std::string_view text) { bytes += text.size(); });
  // One allocation: the counters, the details, the texts.
  using Unit = std::max_align_t;
  static_assert(std::is_trivially_destructible_v<ProcessDetails>);
  const std::shared_ptr<Unit[]> memory = std::make_shared_for_overwrite<Unit[]>(
      (sizeof(ProcessDetails) + bytes + sizeof(Unit) - 1) / sizeof(Unit));
  auto* const kept = new (memory.get()) ProcessDetails(details);
  char* at = reinterpret_cast<char*>(kept + 1);
  each_text(*kept, [&](std::string_view& text) {
    std::ranges::copy(text, at);
    text = {at, text.size()};
    at += text.size();
  });
  details_ = std::shared_ptr<const ProcessDetails>(memory, kept);
}

const ProcessDetails& SharedDetails::nothing() {
  static const ProcessDetails kNothing;
  return kNothing;
}

void SharedDetails::fill_from(const SharedDetails& other) {
  if (!other.details_ || details_ == other.details_) {
    return;
  }
  if (!details_) {
    details_ = other.details_;
    return;
  }
  ProcessDetails more = *details_;
  more.fill_from(*other);
  if (more != *details_) {
    *this = SharedDetails(more);
  }
}

ProcessTable::Entry& ProcessTable::add_locked(std::int64_t key, std::int64_t pid, Ticks start) {
  Entry& entry = nodes_->entries.emplace_back();
  entry.key = key;
  entry.pid = pid;
  entry.start = start;
  nodes_->by_key[key] = &entry;
  nodes_->by_pid[pid].emplace(std::pair(start, key), &entry);
  return entry;
}

void ProcessTable::move_start_locked(Entry& entry, Ticks start) {
  Starts& starts = nodes_->by_pid[entry.pid];
  starts.erase({entry.start, entry.key});
  entry.start = start;
  starts.emplace(std::pair(start, entry.key), &entry);
}

ProcessTable::Entry& ProcessTable::by_guid_locked(std::int64_t pid, std::int64_t second) {
  const std::int64_t key = process_key(device_id_, pid, second);
  const auto found = nodes_->by_key.find(key);
  Entry& entry = found != nodes_->by_key.end() ? *found->second
                                               : add_locked(key, pid, second * kTicksPerSecond);
  entry.is_sysmon = true;
  entry.guid_second = second;
  return entry;
}

ProcessTable::Entry* ProcessTable::find_locked(std::int64_t pid, Ticks time) {
  const auto found = nodes_->by_pid.find(pid);
  if (found == nodes_->by_pid.end()) {
    return nullptr;
  }
  const Starts& starts = found->second;
  const auto next = starts.upper_bound({time, std::numeric_limits<std::int64_t>::max()});
  if (next != starts.begin()) {
    Entry* const last = std::prev(next)->second;
    if (last->end == 0 || last->end + kStartTolerance >= time) {
      return last;
    }
  }
  return next != starts.end() && next->second->start <= time + kStartTolerance ? next->second
                                                                               : nullptr;
}

ProcessTable::Entry* ProcessTable::locate_locked(const ProcessEvidence& process, Ticks time) {
  if (process.pid < 0) {
    return nullptr;
  }
  if (const auto second = guid_second(process.guid)) {
    return &by_guid_locked(process.pid, *second);
  }
  return find_locked(process.pid, time);
}

ProcessView ProcessTable::view_locked(const Entry& entry) const {
  ProcessView view;
  view.key = entry.key;
  view.pid = entry.pid;
  view.start = entry.start;
  view.details = entry.details;
  view.parent_key = entry.parent_key;
  view.parent_pid = entry.parent_pid;
  std::int64_t parent = entry.parent_key;
  while (parent != 0 && view.ancestor_count < ProcessView::kMaxAncestors) {
    const auto known = view.ancestors();
    if (parent == entry.key || std::ranges::find(known, parent) != known.end()) {
      break;
    }
    view.ancestor_keys[view.ancestor_count++] = parent;
    const auto found = nodes_->by_key.find(parent);
    if (found == nodes_->by_key.end()) {
      break;
    }
    if (view.ancestor_count == 1) {
      view.parent_start = found->second->start;
      view.parent_details = found->second->details;
    }
    parent = found->second->parent_key;
  }
  return view;
}

ProcessView ProcessTable::inferred_view(std::int64_t pid) const {
  ProcessView view;
  view.key = inferred_process_key(device_id_, pid);
  view.pid = pid;
  return view;
}

void ProcessTable::note_locked(Entry& entry, const ProcessView& view, bool by_pid, Ticks time) {
  entry.first_seen = entry.first_seen == 0 ? time : std::min(entry.first_seen, time);
  entry.last_seen = std::max(entry.last_seen, time);
  entry.least_depth = std::min<std::int32_t>(entry.least_depth, view.ancestor_count);
  entry.details_missed |= !entry.has_start;
  if (by_pid) {
    Span& span = nodes_->references[{entry.pid, entry.key}];
    span.first = span.first == 0 ? time : std::min(span.first, time);
    span.last = std::max(span.last, time);
  }
}

ProcessView ProcessTable::start(const ProcessEvidence& process, Ticks start,
                                const ProcessEvidence& parent) {
  if (process.pid < 0) {
    return {};
  }
  const std::scoped_lock lock(mutex_);
  const auto second = guid_second(process.guid);
  Entry* entry = nullptr;
  if (second) {
    entry = &by_guid_locked(process.pid, *second);
  } else {
    // A 4688 beside a Sysmon start of the same process.
    const Starts& starts = nodes_->by_pid[process.pid];
    for (auto at = starts.lower_bound({start - kStartTolerance, 0});
         at != starts.end() && at->first.first <= start + kStartTolerance; ++at) {
      Entry* const other = at->second;
      if (other->is_sysmon && same_file_name(other->details->image, process.image)) {
        entry = other;
      }
    }
    if (entry == nullptr) {
      const std::int64_t key = process_key(device_id_, process.pid, floor_second(start));
      const auto known = nodes_->by_key.find(key);
      entry = known != nodes_->by_key.end() ? known->second : &add_locked(key, process.pid, start);
    }
  }
  const bool improves_start = second || !entry->is_sysmon;
  if (improves_start && entry->start != start) {
    move_start_locked(*entry, start);
  }

  const SharedDetails details(details_of(process));
  ProcessFact fact;
  fact.kind = FactKind::kStart;
  fact.key = entry->key;
  fact.pid = process.pid;
  fact.start = start;
  fact.is_sysmon = second.has_value();
  fact.guid_second = second.value_or(0);
  fact.parent_pid = parent.pid;
  fact.parent_second = guid_second(parent.guid).value_or(0);
  fact.event_time = fact.last_time = start;
  fact.details = details;
  nodes_->told.push_back(std::move(fact));

  // A Sysmon start tells more than what was known, a 4688 less.
  if (second) {
    SharedDetails merged = details;
    merged.fill_from(entry->details);
    entry->details = std::move(merged);
  } else {
    entry->details.fill_from(details);
  }
  entry->has_start = true;
  if (parent.pid >= 0 && (entry->parent_key == 0 || second)) {
    entry->parent_pid = parent.pid;
    const Entry* const creator = locate_locked(parent, start);
    entry->parent_key =
        creator != nullptr ? creator->key : inferred_process_key(device_id_, parent.pid);
  }
  return view_locked(*entry);
}

ProcessView ProcessTable::resolve(const ProcessEvidence& process, Ticks time) {
  if (process.pid < 0) {
    return {};
  }
  const std::scoped_lock lock(mutex_);
  Entry* const entry = locate_locked(process, time);
  if (entry == nullptr) {
    Span& span = nodes_->references[{process.pid, inferred_process_key(device_id_, process.pid)}];
    span.first = span.first == 0 ? time : std::min(span.first, time);
    span.last = std::max(span.last, time);
    span.least_depth = 0;
    span.details_missed = true;
    return inferred_view(process.pid);
  }
  if (!entry->details || adds_to(process, *entry->details)) {
    entry->details.fill_from(SharedDetails(details_of(process)));
  }
  ProcessView view = view_locked(*entry);
  note_locked(*entry, view, !guid_second(process.guid), time);
  return view;
}

ProcessView ProcessTable::end(const ProcessEvidence& process, Ticks time) {
  ProcessView view = resolve(process, time);
  if (view.key == 0) {
    return view;
  }
  const std::scoped_lock lock(mutex_);
  const auto second = guid_second(process.guid);
  ProcessFact fact;
  fact.kind = FactKind::kEnd;
  fact.key = view.key;
  fact.pid = process.pid;
  fact.is_sysmon = second.has_value();
  fact.guid_second = second.value_or(0);
  fact.end = fact.event_time = fact.last_time = time;
  if (!process.image.empty()) {
    ProcessDetails details;
    details.image = process.image;
    fact.details = SharedDetails(details);
  }
  nodes_->told.push_back(std::move(fact));
  const auto found = nodes_->by_key.find(view.key);
  if (found != nodes_->by_key.end()) {
    found->second->end = std::max(found->second->end, time);
  }
  return view;
}

std::vector<ProcessFact> ProcessTable::facts() const {
  const std::scoped_lock lock(mutex_);
  std::vector<ProcessFact> facts;
  facts.reserve(nodes_->told.size() + nodes_->entries.size() + nodes_->references.size());
  facts.insert(facts.end(), nodes_->told.begin(), nodes_->told.end());
  for (const Entry& entry : nodes_->entries) {
    if (!entry.is_sysmon || entry.first_seen == 0) {
      continue;
    }
    ProcessFact fact;
    fact.kind = FactKind::kSeen;
    fact.key = entry.key;
    fact.pid = entry.pid;
    fact.is_sysmon = true;
    fact.guid_second = entry.guid_second;
    fact.event_time = entry.first_seen;
    fact.last_time = entry.last_seen;
    fact.least_depth = entry.least_depth;
    fact.details_missed = entry.details_missed;
    if (!entry.has_start) {
      fact.details = entry.details;
    }
    facts.push_back(std::move(fact));
  }
  for (const auto& [name, span] : nodes_->references) {
    ProcessFact fact;
    fact.kind = FactKind::kReference;
    fact.pid = name.first;
    fact.key = name.second;
    fact.event_time = span.first;
    fact.last_time = span.last;
    const auto entry = nodes_->by_key.find(name.second);
    fact.least_depth = entry == nodes_->by_key.end() ? 0 : entry->second->least_depth;
    fact.details_missed = entry == nodes_->by_key.end() || entry->second->details_missed;
    facts.push_back(std::move(fact));
  }
  return facts;
}

void ProcessTable::load(std::span<const ProcessFact> facts) {
  const std::scoped_lock lock(mutex_);
  load_all_locked(facts);
}

void ProcessTable::restart(std::span<const ProcessFact> facts) {
  const std::scoped_lock lock(mutex_);
  nodes_ = std::make_unique<Nodes>();
  load_all_locked(facts);
}

void ProcessTable::load_all_locked(std::span<const ProcessFact> facts) {
  for (const ProcessFact& fact : facts) {
    load_locked(fact);
  }
  // Parents known by pid alone are found once all starts are there.
  for (Entry& entry : nodes_->entries) {
    if (entry.parent_pid >= 0 && entry.parent_key == 0) {
      const Entry* const parent = find_locked(entry.parent_pid, entry.start);
      entry.parent_key = parent != nullptr && parent != &entry
                             ? parent->key
                             : inferred_process_key(device_id_, entry.parent_pid);
    }
  }
}

void ProcessTable::load_locked(const ProcessFact& fact) {
  if (fact.kind == FactKind::kReference) {
    const auto [place, added] = nodes_->references.try_emplace({fact.pid, fact.key});
    Span& span = place->second;
    span.first = added ? fact.event_time : std::min(span.first, fact.event_time);
    span.last = added ? fact.last_time : std::max(span.last, fact.last_time);
    return;
  }
  if (fact.kind != FactKind::kSeen) {
    nodes_->told.push_back(fact);
  }
  const auto known = nodes_->by_key.find(fact.key);
  if (known == nodes_->by_key.end() && fact.kind == FactKind::kEnd) {
    return;
  }
  const Ticks start = fact.start != 0 ? fact.start : fact.guid_second * kTicksPerSecond;
  Entry& entry =
      known == nodes_->by_key.end() ? add_locked(fact.key, fact.pid, start) : *known->second;
  entry.is_sysmon |= fact.is_sysmon;
  entry.guid_second = std::max(entry.guid_second, fact.guid_second);
  entry.end = std::max(entry.end, fact.end);
  if (fact.kind == FactKind::kSeen) {
    entry.first_seen =
        entry.first_seen == 0 ? fact.event_time : std::min(entry.first_seen, fact.event_time);
    entry.last_seen = std::max(entry.last_seen, fact.last_time);
    entry.least_depth = std::min(entry.least_depth, fact.least_depth);
    entry.details_missed |= fact.details_missed;
  }
  if (fact.kind == FactKind::kEnd) {
    return;
  }
  SharedDetails details = fact.details;
  details.fill_from(entry.details);
  entry.details = std::move(details);
  if (fact.kind != FactKind::kStart) {
    return;
  }
  entry.has_start = true;
  if (fact.is_sysmon && entry.start != fact.start) {
    move_start_locked(entry, fact.start);
  }
  if (fact.parent_pid >= 0) {
    entry.parent_pid = fact.parent_pid;
    entry.parent_key =
        fact.parent_second != 0 ? process_key(device_id_, fact.parent_pid, fact.parent_second) : 0;
  }
}

ProcessTable& ProcessTables::of(std::string_view device_id) {
  const std::scoped_lock lock(mutex_);
  const auto found = tables_.find(device_id);
  if (found != tables_.end()) {
    return *found->second;
  }
  std::string name(device_id);
  auto table = std::make_unique<ProcessTable>(name);
  return *tables_.emplace(std::move(name), std::move(table)).first->second;
}

std::vector<ProcessTable*> ProcessTables::all() {
  const std::scoped_lock lock(mutex_);
  std::vector<ProcessTable*> tables;
  tables.reserve(tables_.size());
  for (const auto& [name, table] : tables_) {
    tables.push_back(table.get());
  }
  return tables;
}

}  // namespace spoor::enrich
