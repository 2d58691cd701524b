#pragma once
// The processes of one device, as far as events have told of them. Thread-safe. What it answers
// depends on what came before; process_repair.h makes the stored result independent of that order.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ticks.h"
#include "enrich/process_facts.h"

namespace spoor::enrich {

/// How an event names a process. Empty and -1 mean that it does not say.
struct ProcessEvidence {
  std::string_view guid;
  std::int64_t pid = -1;
  std::string_view image;
  std::string_view command_line;
  std::string_view account_domain;
  std::string_view account_name;
  std::string_view account_sid;
  std::string_view sha1;
  std::string_view sha256;
  std::string_view md5;
  std::string_view integrity_level;
  std::string_view token_elevation;
  std::int64_t logon_id = 0;
};

/// One process and its lineage, as known now.
struct ProcessView {
  static constexpr std::size_t kMaxAncestors = 32;

  std::int64_t key = 0;  ///< 0: the event names no process
  std::int64_t pid = -1;
  Ticks start = 0;  ///< 0 unknown
  SharedDetails details;
  std::int64_t parent_key = 0;
  std::int64_t parent_pid = -1;
  Ticks parent_start = 0;
  SharedDetails parent_details;
  std::array<std::int64_t, kMaxAncestors> ancestor_keys{};
  std::uint8_t ancestor_count = 0;
  [[nodiscard]] std::span<const std::int64_t> ancestors() const {
    return {ancestor_keys.data(), ancestor_count};
  }
};

class ProcessTable {
 public:
  explicit ProcessTable(std::string device_id) : device_id_(std::move(device_id)) {}

  /// A record of a creation at `start`. `parent` is the creator.
  ProcessView start(const ProcessEvidence& process, Ticks start, const ProcessEvidence& parent);
  /// The process that an event at `time` names; makes an inferred one where it is unknown.
  ProcessView resolve(const ProcessEvidence& process, Ticks time);
  /// A record of an exit at `time`.
  ProcessView end(const ProcessEvidence& process, Ticks time);

  /// What has been told, in no particular order: the input of repair_processes.
  [[nodiscard]] std::vector<ProcessFact> facts() const;
  /// Takes facts of an earlier import, so that new events find what is known.
  void load(std::span<const ProcessFact> facts);
  /// Forgets everything and takes these facts instead: what a repair has left.
  void restart(std::span<const ProcessFact> facts);
  [[nodiscard]] const std::string& device_id() const { return device_id_; }

 private:
  struct Entry {
    std::int64_t key = 0;
    std::int64_t pid = 0;
    Ticks start = 0;
    Ticks end = 0;
    bool is_sysmon = false;
    bool has_start = false;
    std::int64_t guid_second = 0;
    std::int64_t parent_pid = -1;
    std::int64_t parent_key = 0;
    Ticks first_seen = 0;
    Ticks last_seen = 0;
    std::int32_t least_depth = ProcessView::kMaxAncestors;
    bool details_missed = false;
    SharedDetails details;
  };
  struct Span {
    Ticks first = 0;
    Ticks last = 0;
    std::int32_t least_depth = ProcessView::kMaxAncestors;
    bool details_missed = false;
  };

  Entry* find_locked(std::int64_t pid, Ticks time);
  Entry& add_locked(std::int64_t key, std::int64_t pid, Ticks start);
  Entry& by_guid_locked(std::int64_t pid, std::int64_t second);
  Entry* locate_locked(const ProcessEvidence& process, Ticks time);
  void move_start_locked(Entry& entry, Ticks start);
  void load_locked(const ProcessFact& fact);
  void load_all_locked(std::span<const ProcessFact> facts);
  ProcessView view_locked(const Entry& entry) const;
  ProcessView inferred_view(std::int64_t pid) const;
  void note_locked(Entry& entry, const ProcessView& view, bool by_pid, Ticks time);

  std::string device_id_;
  mutable std::mutex mutex_;
  /// Processes of a pid by start and key; a hostile file can give one pid very many.
  using Starts = std::pmr::map<std::pair<Ticks, std::int64_t>, Entry*>;
  /// Nodes are made by the hundred thousand and go all at once: their memory is only given back as
  /// a whole.
  struct Nodes {
    std::pmr::monotonic_buffer_resource memory;
    std::pmr::deque<Entry> entries{&memory};
    std::pmr::unordered_map<std::int64_t, Entry*> by_key{&memory};
    std::pmr::unordered_map<std::int64_t, Starts> by_pid{&memory};
    std::pmr::map<std::pair<std::int64_t, std::int64_t>, Span> references{&memory};  // pid, key
    std::pmr::deque<ProcessFact> told{&memory};  // starts and ends
  };
  std::unique_ptr<Nodes> nodes_ = std::make_unique<Nodes>();
};

/// The tables of all devices of an import. Thread-safe; tables live as long as it does.
class ProcessTables {
 public:
  ProcessTable& of(std::string_view device_id);
  [[nodiscard]] std::vector<ProcessTable*> all();

 private:
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<ProcessTable>, std::less<>> tables_;
};

}  // namespace spoor::enrich
