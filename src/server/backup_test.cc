#include "server/backup.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "base/temp_folder.h"
#include "ingest/evtx/fixtures.h"
#include "server/backup_files.h"
#include "server/workspace.h"

namespace spoor::server {
namespace {

namespace fs = std::filesystem;

std::string text_of(const Error& error) { return error.message; }

class BackupTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(SPOOR_BINARY_DIR "/bin/spoor-store")) {
      GTEST_SKIP() << "spoor-store is not built: the telemetry engine's package is not installed";
    }
    ASSERT_TRUE(write_file_atomically(log_, evtx::fixtures::dense_log(400'000)));
    auto opened = Workspace::open(data_);
    ASSERT_TRUE(opened) << opened.error().to_string();
    workspace_ = std::move(*opened);
    const auto report = pipeline::import_files(workspace_->import_target(), {{log_}, "test", {}});
    ASSERT_TRUE(report) << report.error().to_string();
    rows_ = report->records;
    ASSERT_GT(rows_, 100U);
    ASSERT_TRUE(make_folders(data_ + "/tls"));
    ASSERT_TRUE(write_file_atomically(data_ + "/tls/server.key", "the key"));
    ASSERT_TRUE(workspace_->state().settings().set("a", "b"));
  }

  Result<BackupReport> back_up(const std::string& to) const {
    const Snapshot snapshot = TRY(take_snapshot(*workspace_));
    auto report = write_backup(data_, TRY(read_snapshot(data_, snapshot.id)), to);
    TRY_VOID(drop_snapshot(data_, snapshot.id));
    return report;
  }
  static std::string counts_of(Workspace& workspace) {
    std::string all;
    for (const auto& [table, sql] : count_statements()) {
      store::Query query;
      query.sql = sql;
      query.format = "TSV";
      all += table + " " + workspace.client().query_text(query).value_or("error\n");
    }
    return all;
  }
  /// Message of a restore that must fail, and leave nothing.
  std::string refusal(const std::string& from) const {
    const std::string target = folder_ / "refused";
    const auto restored = restore_backup(from, target);
    EXPECT_FALSE(fs::exists(target));
    return restored ? "no error" : text_of(restored.error());
  }
  void replace_in(const std::string& path, const std::string& old_text,
                  const std::string& new_text) const {
    std::string bytes = read_file(path, 1u << 26).value();
    const std::size_t at = bytes.find(old_text);
    ASSERT_NE(at, std::string::npos);
    bytes.replace(at, old_text.size(), new_text);
    ASSERT_TRUE(write_file_atomically(path, bytes));
  }

  TempFolder folder_;
  std::string log_ = folder_ / "log.evtx";
  std::string data_ = folder_ / "data";
  std::unique_ptr<Workspace> workspace_;
  std::uint64_t rows_ = 0;
};

TEST_F(BackupTest, ComesBackWithEveryRowAndFile) {
  const std::string before = counts_of(*workspace_);
  for (const std::string& to : {folder_ / "backup", folder_ / "backup.tar"}) {
    const auto made = back_up(to);
    ASSERT_TRUE(made) << made.error().to_string();
    EXPECT_GE(made->rows, rows_ * 3);
    struct stat status{};
    ASSERT_EQ(stat(to.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0077, 0U);
    EXPECT_FALSE(fs::exists(to + ".part"));

    const std::string target = to + "-restored";
    const auto restored = restore_backup(to, target);
    ASSERT_TRUE(restored) << restored.error().to_string();
    EXPECT_EQ(restored->files, made->files);
    EXPECT_EQ(restored->bytes, made->bytes);
    EXPECT_EQ(read_file(target + "/tls/server.key", 100).value(), "the key");
    ASSERT_EQ(stat((target + "/tls/server.key").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    EXPECT_FALSE(fs::exists(target + "/restoring"));
    auto opened = Workspace::open(target);
    ASSERT_TRUE(opened) << opened.error().to_string();
    EXPECT_EQ(counts_of(**opened), before);
    EXPECT_EQ((*opened)->state().settings().get("a").value(), "b");
    EXPECT_EQ((*opened)->state().devices().list().value().size(),
              workspace_->state().devices().list().value().size());
    // What was imported before is known after, so that it is stored once.
    const auto again = pipeline::import_files((*opened)->import_target(), {{log_}, "test", {}});
    ASSERT_TRUE(again);
    EXPECT_EQ(again->duplicates, rows_);
    EXPECT_EQ(again->rows, 0U);
  }
}

TEST_F(BackupTest, ShowsTheMomentOfItsSnapshot) {
  const std::string before = counts_of(*workspace_);
  const auto snapshot = take_snapshot(*workspace_);
  ASSERT_TRUE(snapshot) << snapshot.error().to_string();
  ASSERT_TRUE(write_file_atomically(folder_ / "more.evtx", evtx::fixtures::dense_log(900'000)));
  ASSERT_TRUE(
      pipeline::import_files(workspace_->import_target(), {{folder_ / "more.evtx"}, "test", {}}));
  ASSERT_NE(counts_of(*workspace_), before);
  ASSERT_TRUE(write_backup(data_, *snapshot, folder_ / "b"));
  ASSERT_TRUE(restore_backup(folder_ / "b", folder_ / "r"));
  auto opened = Workspace::open(folder_ / "r");
  ASSERT_TRUE(opened);
  EXPECT_EQ(counts_of(**opened), before);
  EXPECT_EQ((*opened)->state().jobs().newest("import", 10).value().size(), 1U);
}

TEST_F(BackupTest, LeavesNothingOfASnapshotBehind) {
  const auto snapshot = take_snapshot(*workspace_);
  ASSERT_TRUE(snapshot);
  const std::string frozen = data_ + "/store/data/shadow/" + snapshot->id;
  EXPECT_TRUE(fs::exists(frozen));
  ASSERT_TRUE(drop_snapshot(data_, snapshot->id));
  EXPECT_FALSE(fs::exists(frozen));
  EXPECT_FALSE(fs::exists(data_ + "/snapshots/" + snapshot->id));
  EXPECT_EQ(text_of(drop_snapshot(data_, "../../etc").error()), "this is no id of a snapshot");
  EXPECT_EQ(text_of(read_snapshot(data_, "..").error()), "this is no id of a snapshot");
  // One that nobody dropped goes when the folder is opened the next time.
  const auto forgotten = take_snapshot(*workspace_);
  ASSERT_TRUE(forgotten);
  workspace_.reset();
  ASSERT_TRUE(Workspace::open(data_));
  EXPECT_FALSE(fs::exists(data_ + "/store/data/shadow"));
  EXPECT_FALSE(fs::exists(data_ + "/snapshots"));
}

TEST_F(BackupTest, RefusesWhatIsNotWhole) {
  const std::string made = folder_ / "made";
  ASSERT_TRUE(back_up(made));
  const auto copy = [&] {
    fs::remove_all(folder_ / "bad");
    fs::copy(made, folder_ / "bad", fs::copy_options::recursive);
    return folder_ / "bad";
  };
  const auto table = fs::directory_iterator(made + "/store/DeviceSourceRecords")->path();
  const std::string part = "store/DeviceSourceRecords/" + table.filename().string();

  std::ofstream(copy() + "/" + part + "/count.txt", std::ios::trunc) << "9";
  EXPECT_EQ(refusal(folder_ / "bad"), "a file of the backup is not what its manifest says");

  fs::remove(copy() + "/state.sqlite");
  EXPECT_EQ(refusal(folder_ / "bad"), "a file of the backup is missing");

  std::ofstream(copy() + "/more") << "x";
  EXPECT_EQ(refusal(folder_ / "bad"), "the backup holds a file that its manifest does not name");

  fs::remove(copy() + "/manifest.json");
  EXPECT_EQ(refusal(folder_ / "bad"), "is no finished backup: it has no manifest");

  replace_in(copy() + "/manifest.json", "\"schemaVersion\":", "\"schemaVersion\":9");
  EXPECT_NE(refusal(folder_ / "bad").find("the backup has schema version 9"), std::string::npos);

  replace_in(copy() + "/manifest.json", "\"state.sqlite\"", "\"../state.sqlite\"");
  EXPECT_EQ(refusal(folder_ / "bad"),
            "the manifest of the backup names a file '../state.sqlite' that a backup cannot hold");

  fs::remove(copy() + "/state.sqlite");
  fs::create_symlink("/etc/passwd", folder_ / "bad" + "/state.sqlite");
  EXPECT_NE(refusal(folder_ / "bad"), "no error");
}

TEST_F(BackupTest, TakesNoPlaceThatIsTaken) {
  ASSERT_TRUE(write_file_atomically(folder_ / "there.tar", "x"));
  EXPECT_EQ(text_of(back_up(folder_ / "there.tar").error()), "is there already");
  EXPECT_EQ(read_file(folder_ / "there.tar", 10).value(), "x");
  ASSERT_TRUE(make_folders(folder_ / "full"));
  ASSERT_TRUE(write_file_atomically(folder_ / "full" + "/x", "x"));
  EXPECT_EQ(text_of(back_up(folder_ / "full").error()),
            "is there already, and not an empty folder");
  ASSERT_TRUE(back_up(folder_ / "made"));
  const auto restored = restore_backup(folder_ / "made", folder_ / "full");
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().code, ErrorCode::kConflict);
  EXPECT_EQ(text_of(restored.error()), "a backup is restored into a new or empty folder");
  EXPECT_EQ(read_file(folder_ / "full" + "/x", 10).value(), "x");
}

TEST(BackupTar, AFileIsNotLargerThanTheBackup) {
  // A few bytes that say of themselves that they are a manifest of 1 GiB of zeros.
  const auto reader = BackupReader::open(SPOOR_SOURCE_DIR "/tests/fuzz/backup_tar/sparse");
  ASSERT_TRUE(reader) << reader.error().to_string();
  const auto manifest = (*reader)->manifest();
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().message, "the backup holds a file that is larger than the backup");
  const auto link = BackupReader::open(SPOOR_SOURCE_DIR "/tests/fuzz/backup_tar/hard_link");
  ASSERT_TRUE(link);
  EXPECT_EQ((*link)->manifest().error().message, "the backup holds what is no file");
}

TEST(BackupPath, HoldsWhatADataFolderHasAndNothingElse) {
  for (const char* good : {"state.sqlite", "spoor.toml", "tls/server.key", "processes/0a",
                           "store/DeviceEvents/0-20260101_1_1_0/data.bin",
                           "store/spoor_batches/all_1_1_0/count.txt"}) {
    EXPECT_TRUE(is_backup_path(good)) << good;
  }
  for (const char* bad :
       {"", "/etc/passwd", "../state.sqlite", "store/../state.sqlite/x/y", "tls/..", "tls/.x",
        "run/spoor.sock", "store/Other/part/data.bin", "store/DeviceEvents/data.bin", "tls//x",
        "store/users.xml", "state.sqlite/", "tls/a b", "processes/a/b", "snapshots/x/y/z"}) {
    EXPECT_FALSE(is_backup_path(bad)) << bad;
  }
}

}  // namespace
}  // namespace spoor::server
