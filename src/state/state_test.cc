#include "state/state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/temp_folder.h"
#include "state/migrations.h"
#include "state/sqlite.h"

namespace spoor::state {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct StateTest : testing::Test {
  void SetUp() override {
    state = open();
    ASSERT_NE(state, nullptr);
  }
  std::unique_ptr<State> open() {
    auto opened = State::open(path);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().to_string());
    return opened ? *std::move(opened) : nullptr;
  }
  TempFolder folder;
  std::string path = folder / "state.sqlite";
  std::unique_ptr<State> state;
};

TEST_F(StateTest, KeepsWhatWasWritten) {
  ASSERT_TRUE(state->settings().set("retention.days", "90"));
  ASSERT_TRUE(state->settings().set("retention.days", "30"));
  ASSERT_TRUE(state->settings().set("empty", ""));
  state.reset();
  state = open();
  EXPECT_EQ(state->settings().get("retention.days").value(), "30");
  EXPECT_EQ(state->settings().get("empty").value(), "");
  EXPECT_EQ(state->settings().get("absent").value(), std::nullopt);
  EXPECT_EQ(state->settings().all().value().size(), 2U);
  EXPECT_TRUE(state->settings().remove("empty").value());
  EXPECT_FALSE(state->settings().remove("empty").value());
  EXPECT_EQ(state->settings().set("", "x").error().code, ErrorCode::kConflict);
}

TEST_F(StateTest, ACopyHoldsWhatIsCommittedAndIsWholeWhileOthersWrite) {
  ASSERT_TRUE(state->settings().set("a", "1"));
  const std::string copy = folder / "copy.sqlite";
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int at = 0; !stop; ++at) {
      (void)state->settings().set("b", std::to_string(at));
    }
  });
  const auto copied = state->copy_to(copy);
  stop = true;
  writer.join();
  ASSERT_TRUE(copied) << copied.error().to_string();
  struct stat status{};
  ASSERT_EQ(stat(copy.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  auto opened = State::open(copy);
  ASSERT_TRUE(opened) << opened.error().to_string();
  EXPECT_EQ((*opened)->settings().get("a").value(), "1");
  // What is there is not replaced.
  EXPECT_FALSE(state->copy_to(copy));
}

TEST_F(StateTest, TextIsDataAndNotSql) {
  const std::string text("'); DROP TABLE settings;--\0x", 29);
  ASSERT_TRUE(state->settings().set("a", text));
  EXPECT_EQ(state->settings().get("a").value(), text);
}

TEST_F(StateTest, TheFileIsReadableByItsOwnerAlone) {
  struct stat status{};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 077, 0U);
}

TEST_F(StateTest, ATransactionHoldsWhollyOrNotAtAll) {
  const Result<void> failed = state->in_transaction([&]() -> Result<void> {
    TRY_VOID(state->settings().set("a", "1"));
    EXPECT_EQ(state->settings().get("a").value(), "1") << "a transaction reads what it wrote";
    TRY_VOID(state->audit().append({.action = "setting.set", .object = "a"}));
    return fail(ErrorCode::kCancelled, "changed my mind");
  });
  EXPECT_EQ(failed.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(state->settings().get("a").value(), std::nullopt);
  EXPECT_TRUE(state->audit().newest(10).value().empty());

  ASSERT_TRUE(state->in_transaction([&]() -> Result<void> {
    TRY_VOID(state->settings().set("a", "1"));
    // A step that fails and is got over takes back itself alone.
    EXPECT_FALSE(state->in_transaction([&]() -> Result<void> {
      TRY_VOID(state->settings().set("b", "1"));
      return fail(ErrorCode::kCancelled, "");
    }));
    return {};
  }));
  EXPECT_EQ(state->settings().all().value().size(), 1U);
}

TEST_F(StateTest, TwoConnectionsWriteAtTheSameTime) {
  const std::unique_ptr<State> other = open();
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      State& mine = thread % 2 == 0 ? *state : *other;
      for (int round = 0; round < 25; ++round) {
        const Result<void> written = mine.in_transaction([&]() -> Result<void> {
          const std::optional<std::string> old = TRY(mine.settings().get("count"));
          return mine.settings().set("count", std::to_string(old ? std::stoi(*old) + 1 : 1));
        });
        failures += written ? 0 : 1;
        failures += mine.settings().all() ? 0 : 1;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(state->settings().get("count").value(), "100") << "an update was lost";
}

TEST_F(StateTest, AReaderDoesNotSeeWhatIsNotCommitted) {
  ASSERT_TRUE(state->in_transaction([&]() -> Result<void> {
    TRY_VOID(state->settings().set("a", "1"));
    std::thread([&] { EXPECT_EQ(state->settings().get("a").value(), std::nullopt); }).join();
    return {};
  }));
  EXPECT_EQ(state->settings().get("a").value(), "1");
}

TEST_F(StateTest, JobsGoThroughTheirStates) {
  Jobs& jobs = state->jobs();
  ASSERT_TRUE(jobs.start({.id = "j1", .kind = "import", .started = 10, .paths = {"a \"b\"", "c"}}));
  EXPECT_EQ(jobs.start({.id = "j1", .kind = "import"}).error().code, ErrorCode::kConflict);
  EXPECT_EQ(jobs.start({.id = "j0", .counters = "no json"}).error().code, ErrorCode::kConflict);
  ASSERT_TRUE(jobs.start({.id = "j2", .kind = "import", .started = 20}));
  EXPECT_EQ(jobs.mark_purged("j1").error().code, ErrorCode::kConflict);
  ASSERT_TRUE(jobs.set_counters("j1", R"({"rows":5})"));
  ASSERT_TRUE(jobs.finish("j1", JobState::kDone, 30, R"({"rows":7})", R"({"ok":true})"));
  EXPECT_EQ(jobs.set_counters("j1", "{}").error().code, ErrorCode::kConflict);
  EXPECT_EQ(jobs.finish("j9", JobState::kDone, 30, "{}", "{}").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(jobs.fail_running(40, R"({"why":"stopped"})").value(), 1);
  ASSERT_TRUE(jobs.mark_purged("j1"));

  const Job job = jobs.get("j1").value().value();
  EXPECT_EQ(job.state, JobState::kPurged);
  EXPECT_THAT(job.paths, ElementsAre("a \"b\"", "c"));
  EXPECT_EQ(job.counters, R"({"rows":7})");
  EXPECT_EQ(job.report, R"({"ok":true})");
  EXPECT_EQ(job.started, 10);
  EXPECT_EQ(job.finished, 30);
  const std::vector<Job> all = jobs.newest("import", 10).value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id, "j2");
  EXPECT_EQ(job_state_name(all[0].state), "failed");
  EXPECT_EQ(jobs.newest("import", 1).value().size(), 1U);
  const std::vector<Job> after = jobs.newest("import", 10, "j2").value();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].id, "j1");
  EXPECT_THAT(jobs.newest("import", 10, "j1").value(), testing::IsEmpty());
  EXPECT_THAT(jobs.newest("import", 10, "none").value(), testing::IsEmpty());
  EXPECT_THAT(jobs.newest("backup", 10).value(), testing::IsEmpty());
  EXPECT_EQ(jobs.get("j9").value(), std::nullopt);
}

TEST_F(StateTest, TheAuditLogCannotBeChanged) {
  AuditLog& audit = state->audit();
  const auto first = audit.append({0, 5, "ann", "device.merge", "d1", R"({"into":"d2"})"});
  ASSERT_TRUE(first);
  ASSERT_TRUE(audit.append({.time = 6, .actor = "bob", .action = "rule.off", .object = "r1"}));
  EXPECT_EQ(audit.append({.action = "x", .detail = "{"}).error().code, ErrorCode::kConflict);
  EXPECT_EQ(audit.append({.action = ""}).error().code, ErrorCode::kConflict);

  const auto database = Database::open(path).value();
  for (const char* sql :
       {"UPDATE audit SET actor = 'eve'", "DELETE FROM audit WHERE id = 1", "DELETE FROM audit",
        "REPLACE INTO audit(id, time, actor, action, object, detail) VALUES(1, 0, '', 'x', '', "
        "'{}')",
        "INSERT INTO audit(id, time, actor, action, object, detail) VALUES(1, 0, '', 'x', '', '{}')"
        " ON CONFLICT(id) DO UPDATE SET actor = 'eve'"}) {
    const Result<void> done = database->execute(sql);
    ASSERT_FALSE(done) << sql;
    EXPECT_THAT(done.error().message, HasSubstr("audit log")) << sql;
  }
  const std::vector<AuditEntry> entries = audit.newest(10).value();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].actor, "bob");
  EXPECT_EQ(entries[1].id, *first);
  EXPECT_EQ(entries[1].detail, R"({"into":"d2"})");
  EXPECT_EQ(audit.newest(10, entries[0].id).value().size(), 1U);
  EXPECT_EQ(audit.newest(10, INT64_MAX, {.object = "r1"}).value().at(0).action, "rule.off");
}

TEST_F(StateTest, ANewerSchemaIsRefused) {
  state.reset();
  {
    const auto database = Database::open(path).value();
    ASSERT_TRUE(
        database->execute(("PRAGMA user_version=" + std::to_string(newest_version() + 1)).c_str()));
  }
  const auto opened = State::open(path);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kConflict);
  EXPECT_THAT(opened.error().to_string(), HasSubstr("newer build"));
  EXPECT_EQ(Database::open(path).value()->integer("PRAGMA user_version").value(),
            newest_version() + 1);
}

TEST(StateMigration, EveryOlderVersionIsBroughtUpWithItsContent) {
  for (int version = 1; version < newest_version(); ++version) {
    const TempFolder folder;
    const std::string path = folder / "state.sqlite";
    {
      const auto database = Database::open(path).value();
      ASSERT_TRUE(migrate(*database, version));
      ASSERT_EQ(database->integer("PRAGMA user_version").value(), version);
      ASSERT_TRUE(database->execute("INSERT INTO settings VALUES('kept', 'yes')"));
    }
    const auto state = State::open(path);
    ASSERT_TRUE(state) << state.error().to_string();
    EXPECT_EQ((*state)->settings().get("kept").value(), "yes");
    EXPECT_TRUE((*state)->jobs().start({.id = "j"}));
    EXPECT_TRUE((*state)->audit().append({.action = "a"}));
  }
}

TEST(StateMigration, SeveralProcessesMayOpenANewFileAtOnce) {
  const TempFolder folder;
  std::atomic<int> opened = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      const auto state = State::open(folder / "state.sqlite");
      EXPECT_TRUE(state) << state.error().to_string();
      opened += state ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(opened, 4);
}

TEST(StateOpen, RefusesWhatIsNoStateDatabase) {
  const TempFolder folder;
  ASSERT_TRUE(write_file_atomically(folder / "text", std::string(8192, 'x')));
  EXPECT_EQ(State::open(folder / "text").error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(read_file(folder / "text", 1 << 20).value(), std::string(8192, 'x'))
      << "it must stay as it was";
  {
    const auto database = Database::open(folder / "other").value();
    ASSERT_TRUE(database->execute("CREATE TABLE theirs(a)"));
  }
  const auto opened = State::open(folder / "other");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kInvalidInput);
  EXPECT_FALSE(State::open(folder / "no/such/folder"));
}

}  // namespace
}  // namespace spoor::state
