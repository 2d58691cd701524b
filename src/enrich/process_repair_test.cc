#include "enrich/process_repair.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <random>

#include "enrich/process_fact_codec.h"
#include "enrich/process_key.h"
#include "enrich/process_table.h"

namespace spoor::enrich {
namespace {

constexpr std::int64_t kSecond = 1'700'000'000;
constexpr Ticks at(double seconds) {
  return kSecond * kTicksPerSecond + static_cast<Ticks>(seconds * kTicksPerSecond);
}

std::string guid(std::int64_t second) {
  char text[40];
  std::snprintf(text, sizeof text, "{11111111-%04X-%04X-0000-001000000000}",
                static_cast<unsigned>(second & 0xffff), static_cast<unsigned>(second >> 16));
  return text;
}

/// A row as the store would hold it: the keys that the table gave when the event came.
struct Row {
  std::string name;
  Ticks time;
  std::int64_t key;
};

/// One event of a device, applied to a table in any order.
struct Event {
  std::string name;
  Ticks time;
  std::function<std::int64_t(ProcessTable&)> apply;
};

Event sysmon_start(std::string name, std::int64_t pid, double start, std::string image,
                   std::int64_t parent_pid, std::optional<std::int64_t> parent_second) {
  return {name, at(start), [=](ProcessTable& table) {
            const std::string own = guid(kSecond + static_cast<std::int64_t>(start));
            const std::string parents = parent_second ? guid(*parent_second) : "";
            ProcessEvidence process{.guid = own, .pid = pid, .image = image};
            process.command_line = "from sysmon";
            ProcessEvidence parent{.guid = parents, .pid = parent_pid};
            return table.start(process, at(start), parent).key;
          }};
}

Event audit_start(std::string name, std::int64_t pid, double start, std::string image,
                  std::int64_t parent_pid) {
  return {name, at(start), [=](ProcessTable& table) {
            ProcessEvidence process{.pid = pid, .image = image};
            process.account_sid = "S-1-5-21-1-2-3-500";
            ProcessEvidence parent{.pid = parent_pid};
            return table.start(process, at(start), parent).key;
          }};
}

Event by_pid(std::string name, std::int64_t pid, double time) {
  return {name, at(time),
          [=](ProcessTable& table) { return table.resolve({.pid = pid}, at(time)).key; }};
}

Event by_guid(std::string name, std::int64_t pid, std::int64_t second, double time) {
  return {name, at(time), [=](ProcessTable& table) {
            const std::string own = guid(second);
            return table.resolve({.guid = own, .pid = pid}, at(time)).key;
          }};
}

Event audit_end(std::string name, std::int64_t pid, double time) {
  return {name, at(time),
          [=](ProcessTable& table) { return table.end({.pid = pid}, at(time)).key; }};
}

std::int64_t rewritten(const ProcessRepair& repair, const Row& row) {
  for (const ProcessRewrite& rewrite : repair.rewrites) {
    if (rewrite.old_key == row.key && rewrite.from <= row.time && row.time < rewrite.to) {
      return rewrite.new_key;
    }
  }
  return row.key;
}

/// Keys by name of event after an import of `events` in `imports` parts, each followed by a repair.
std::map<std::string, std::int64_t> imported(const std::vector<Event>& events,
                                             std::size_t imports = 1) {
  std::vector<Row> rows;
  std::vector<ProcessFact> kept;
  for (std::size_t part = 0; part < imports; ++part) {
    ProcessTable table("device");
    table.load(kept);
    for (std::size_t index = part; index < events.size(); index += imports) {
      const Event& event = events[index];
      rows.push_back({event.name, event.time, event.apply(table)});
    }
    const ProcessRepair repair = repair_processes("device", table.facts());
    for (Row& row : rows) {
      row.key = rewritten(repair, row);
    }
    kept = *decode_facts(encode_facts(repair.facts));
    EXPECT_EQ(kept, repair.facts);
  }
  std::map<std::string, std::int64_t> keys;
  for (const Row& row : rows) {
    keys[row.name] = row.key;
  }
  return keys;
}

std::vector<Event> story() {
  return {
      sysmon_start("explorer", 100, 0, R"(C:\Windows\explorer.exe)", 4, std::nullopt),
      sysmon_start("cmd by sysmon", 200, 10.4, R"(C:\Windows\System32\cmd.exe)", 100, kSecond),
      audit_start("cmd by audit", 200, 11.2, R"(C:\Windows\System32\CMD.EXE)", 100),
      by_pid("cmd connects", 200, 12),
      by_guid("cmd writes", 200, kSecond + 10, 13),
      audit_end("cmd ends", 200, 50),
      by_pid("after the end", 200, 54),
      audit_start("ping", 200, 60, R"(C:\Windows\System32\ping.exe)", 300),
      by_pid("ping connects", 200, 61),
      by_pid("before any start", 100, -500),
      audit_start("shell", 300, 55, R"(C:\Windows\System32\powershell.exe)", 100),
      by_pid("shell connects", 300, 58),
      by_guid("old service acts", 77, kSecond - 9000, 5),
      by_pid("old service connects", 77, 6),
      by_pid("stranger", 9999, 7),
      // Sysmon writes a GUID of zeros where it does not know the process.
      {"zero guid", at(12),
       [](ProcessTable& table) {
         return table
             .resolve({.guid = "{00000000-0000-0000-0000-000000000000}", .pid = 200}, at(12))
             .key;
       }},
  };
}

TEST(ProcessKey, GuidHoldsTheCreationSecond) {
  EXPECT_EQ(guid_second("{00247C92-858E-5F7B-0000-00106B29202B}"), 1'601'930'638);
  EXPECT_EQ(guid_second("{00000000-0000-0000-0000-000000000000}"), std::nullopt);
  EXPECT_EQ(guid_second("{00247C92-858E-5F7B"), std::nullopt);
  EXPECT_EQ(guid_second("{00247C92-858G-5F7B-0000-00106B29202B}"), std::nullopt);
  EXPECT_EQ(floor_second(-1), -1);
}

TEST(ProcessRepair, BothSourcesTellOfOneProcess) {
  const auto keys = imported(story());
  const std::int64_t cmd = process_key("device", 200, kSecond + 10);
  EXPECT_EQ(keys.at("cmd by sysmon"), cmd);
  EXPECT_EQ(keys.at("cmd by audit"), cmd);
  EXPECT_EQ(keys.at("cmd connects"), cmd);
  EXPECT_EQ(keys.at("cmd writes"), cmd);
  EXPECT_EQ(keys.at("cmd ends"), cmd);
  EXPECT_EQ(keys.at("zero guid"), cmd);
}

TEST(ProcessRepair, AReusedPidIsAnotherProcess) {
  const auto keys = imported(story());
  EXPECT_EQ(keys.at("ping connects"), keys.at("ping"));
  EXPECT_NE(keys.at("ping"), keys.at("cmd by sysmon"));
}

TEST(ProcessRepair, AProcessSeenOnlyByItsGuidIsFoundByPid) {
  const auto keys = imported(story());
  EXPECT_EQ(keys.at("old service connects"), process_key("device", 77, kSecond - 9000));
  EXPECT_EQ(keys.at("stranger"), inferred_process_key("device", 9999));
  EXPECT_EQ(keys.at("after the end"), inferred_process_key("device", 200));
  EXPECT_EQ(keys.at("before any start"), inferred_process_key("device", 100));
}

TEST(ProcessRepair, OrderDoesNotChangeTheKeys) {
  const auto expected = imported(story());
  std::mt19937 random(20261124);
  for (int round = 0; round < 300; ++round) {
    std::vector<Event> events = story();
    std::ranges::shuffle(events, random);
    const std::size_t imports = 1 + round % 4;
    ASSERT_EQ(imported(events, imports), expected) << "round " << round;
  }
}

TEST(ProcessRepair, OrderDoesNotChangeTheClusters) {
  std::mt19937 random(7);
  std::vector<ProcessCluster> expected;
  for (int round = 0; round < 100; ++round) {
    std::vector<Event> events = story();
    if (round > 0) {
      std::ranges::shuffle(events, random);
    }
    ProcessTable table("device");
    for (const Event& event : events) {
      event.apply(table);
    }
    const ProcessRepair repair = repair_processes("device", table.facts());
    if (round == 0) {
      expected = repair.clusters;
      continue;
    }
    ASSERT_EQ(repair.clusters.size(), expected.size());
    for (std::size_t index = 0; index < expected.size(); ++index) {
      const ProcessCluster& mine = repair.clusters[index];
      EXPECT_EQ(mine.key, expected[index].key);
      EXPECT_EQ(mine.start, expected[index].start);
      EXPECT_EQ(mine.end, expected[index].end);
      EXPECT_EQ(mine.details, expected[index].details);
      EXPECT_EQ(mine.parent_key, expected[index].parent_key);
      EXPECT_EQ(mine.ancestors, expected[index].ancestors);
    }
  }
}

TEST(ProcessRepair, ClustersTakeFromBothSourcesAndKnowTheirAncestors) {
  ProcessTable table("device");
  for (const Event& event : story()) {
    event.apply(table);
  }
  const ProcessRepair repair = repair_processes("device", table.facts());
  const ProcessCluster* const cmd = repair.find(process_key("device", 200, kSecond + 10));
  ASSERT_NE(cmd, nullptr);
  EXPECT_EQ(cmd->details->command_line, "from sysmon");
  EXPECT_EQ(cmd->details->account_sid, "S-1-5-21-1-2-3-500");
  EXPECT_EQ(cmd->end, at(50));
  const std::int64_t explorer = process_key("device", 100, kSecond);
  const std::int64_t system = inferred_process_key("device", 4);
  EXPECT_EQ(cmd->ancestors, (std::vector<std::int64_t>{explorer, system}));
  const ProcessCluster* const ping = repair.find(process_key("device", 200, kSecond + 60));
  ASSERT_NE(ping, nullptr);
  EXPECT_EQ(ping->ancestors, (std::vector<std::int64_t>{process_key("device", 300, kSecond + 55),
                                                        explorer, system}));
}

TEST(ProcessRepair, SaysWhichRowsLackWhatIsKnownNow) {
  ProcessTable table("device");
  by_guid("early", 200, kSecond + 10, 13).apply(table);
  EXPECT_FALSE(repair_processes("device", table.facts()).clusters.at(0).needs_fill);
  sysmon_start("late", 200, 10.4, "cmd.exe", 100, kSecond).apply(table);
  const ProcessRepair repair = repair_processes("device", table.facts());
  EXPECT_TRUE(repair.find(process_key("device", 200, kSecond + 10))->needs_fill);
  ProcessTable next("device");
  next.load(repair.facts);
  EXPECT_FALSE(repair_processes("device", next.facts())
                   .find(process_key("device", 200, kSecond + 10))
                   ->needs_fill);
}

TEST(ProcessTable, TheSameNameInAnotherSecondIsAnotherProcess) {
  ProcessTable table("device");
  const auto first = sysmon_start("a", 200, 10, "cmd.exe", 4, std::nullopt).apply(table);
  const auto second = audit_start("b", 200, 13, "cmd.exe", 4).apply(table);
  const auto other_name = audit_start("c", 200, 11.5, "net.exe", 4).apply(table);
  EXPECT_NE(first, second);
  EXPECT_NE(first, other_name) << "a 4688 of another program is not the Sysmon process";
}

TEST(ProcessTable, ACycleOfParentsEnds) {
  ProcessTable table("device");
  const std::string one = guid(kSecond);
  const std::string two = guid(kSecond + 1);
  table.start({.guid = one, .pid = 1}, at(0), {.guid = two, .pid = 2});
  const ProcessView view = table.start({.guid = two, .pid = 2}, at(1), {.guid = one, .pid = 1});
  EXPECT_EQ(view.ancestor_count, 1);
}

TEST(ProcessRepair, ManyProcessesOfOnePidAreNoBurden) {
  // Quadratic work here would be felt.
  constexpr int kProcesses = 20'000;
  ProcessTable table("device");
  for (int index = kProcesses; index > 0; --index) {
    table.start({.pid = 8, .image = "a.exe"}, at(index * 10), {.pid = 4});
    table.resolve({.pid = 8}, at(index * 10 + 1));
  }
  EXPECT_EQ(repair_processes("device", table.facts()).clusters.size(), kProcesses);
}

TEST(ProcessRepair, AnEndBeforeTheStartDoesNotConfuse) {
  ProcessTable table("device");
  const std::string own = guid(kSecond + 10);
  table.end({.guid = own, .pid = 8}, at(-900));
  const auto later = audit_start("later", 8, 100, "b.exe", 4).apply(table);
  by_pid("by pid", 8, 101).apply(table);
  const ProcessRepair repair = repair_processes("device", table.facts());
  EXPECT_EQ(rewritten(repair, {"by pid", at(101), inferred_process_key("device", 8)}),
            inferred_process_key("device", 8));
  EXPECT_EQ(rewritten(repair, {"by pid", at(101), later}), later);
}

TEST(ProcessFactCodec, RefusesDamagedBytes) {
  ProcessTable table("device");
  for (const Event& event : story()) {
    event.apply(table);
  }
  const std::string bytes = encode_facts(table.facts());
  EXPECT_FALSE(decode_facts("XXXX" + bytes));
  EXPECT_FALSE(decode_facts(std::string_view(bytes).substr(0, bytes.size() - 1)));
  EXPECT_TRUE(decode_facts(""));
}

}  // namespace
}  // namespace spoor::enrich
