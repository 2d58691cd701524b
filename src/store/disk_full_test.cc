// A full disk refuses rows by name, keeps what it has, and can be cleared.

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/text.h"
#include "event/batch.h"
#include "store/appender.h"
#include "store/client.h"
#include "store/migrate.h"
#include "store/purge.h"
#include "store/worker_process.h"

namespace spoor::store {
namespace {

constexpr const char* kDiskOptions = "size=96m,mode=700";
constexpr std::uint64_t kReserve = 16u << 20;
constexpr std::int64_t kRows = 5000;
constexpr Ticks kOldTime = 17'000'000'000'000'000;  // November 2023

/// A disk of 96 MiB that only this process and its children see.
class DiskFull : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "spoor-full-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    if (unshare(CLONE_NEWNS) != 0 ||
        mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", folder_.c_str(), "tmpfs", 0, kDiskOptions) != 0) {
      GTEST_SKIP() << "a small disk cannot be mounted here: " << std::strerror(errno);
    }
    is_mounted_ = true;
    auto worker = WorkerProcess::start(folder_);
    if (!worker && worker.error().code == ErrorCode::kNotFound) {
      GTEST_SKIP() << worker.error().to_string();
    }
    ASSERT_TRUE(worker) << worker.error().to_string();
    worker_ = *std::move(worker);
    client_ = std::make_unique<Client>(worker_->endpoint());
    const auto migrated = migrate(*client_, MigrateOptions{.reserve_bytes = kReserve});
    ASSERT_TRUE(migrated) << migrated.error().to_string();
  }
  void TearDown() override {
    worker_.reset();
    if (is_mounted_) {
      umount2(folder_.c_str(), MNT_DETACH);
    }
    std::filesystem::remove_all(folder_);
  }

  /// Live telemetry of an old week that does not compress, about 3 MB.
  std::vector<event::Batch> next_batch() {
    event::Batch batch(*schema::find_table("DeviceProcessEvents"));
    std::string text(500, ' ');
    for (std::int64_t row = 0; row < kRows; ++row) {
      for (char& letter : text) {
        letter = static_cast<char>('!' + random_() % 90);
      }
      batch.begin_row();
      batch.set_number(*batch.table().find("Timestamp"), kOldTime + row);
      batch.set_number(*batch.table().find("RetentionClass"), 1);
      batch.set_text(*batch.table().find("DeviceId"), "device-1");
      batch.set_number(*batch.table().find("EventId"), ++last_event_);
      batch.set_text(*batch.table().find("ProcessCommandLine"), text);
    }
    std::vector<event::Batch> batches;
    batches.push_back(std::move(batch));
    return batches;
  }
  Result<void> append() {
    auto batches = next_batch();
    return appender_->append(batches);
  }
  void make_appender() {
    appender_ =
        std::make_unique<Appender>(*client_, [this] { return worker_->wait_until_ready(); });
  }
  /// Appends until the disk is full; says how many rows were acknowledged.
  std::int64_t fill() {
    for (int batch = 0; batch < 100; ++batch) {
      if (const auto stored = append(); !stored) {
        EXPECT_EQ(stored.error().code, ErrorCode::kNoSpace) << stored.error().to_string();
        return batch * kRows;
      }
    }
    ADD_FAILURE() << "the disk does not get full";
    return 0;
  }
  [[nodiscard]] std::int64_t stored_rows() const {
    Query query;
    query.sql = "SELECT count() FROM DeviceProcessEvents WHERE length(ProcessCommandLine) = 500";
    query.format = "TSV";
    const auto text = client_->query_text(query);
    EXPECT_TRUE(text) << text.error().to_string();
    return text ? parse_int(trim_blanks(*text)).value_or(-1) : -1;
  }

  std::string folder_;
  bool is_mounted_ = false;
  std::mt19937 random_{5};
  std::int64_t last_event_ = 0;
  std::unique_ptr<WorkerProcess> worker_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<Appender> appender_;
};

TEST_F(DiskFull, RowsAreRefusedReadsGoOnAndRetentionFrees) {
  make_appender();
  const std::int64_t acknowledged = fill();
  ASSERT_GT(acknowledged, 0);
  EXPECT_EQ(stored_rows(), acknowledged);
  const auto dropped = drop_expired(*client_, now_ticks());
  ASSERT_TRUE(dropped) << dropped.error().to_string();
  EXPECT_EQ(*dropped, 1u);
  EXPECT_EQ(stored_rows(), 0);
}

TEST_F(DiskFull, APurgeOfADeviceFrees) {
  make_appender();
  ASSERT_GT(fill(), 0);
  const auto purged = purge_device(*client_, "device-1");
  ASSERT_TRUE(purged) << purged.error().to_string();
  EXPECT_EQ(stored_rows(), 0);
  // The engine removes the files of what was deleted some time after.
  Result<void> stored = fail(ErrorCode::kNoSpace, "not tried");
  for (int attempt = 0; attempt < 6000 && !stored; ++attempt) {
    stored = append();
    usleep(100'000);
  }
  EXPECT_TRUE(stored) << stored.error().to_string();
}

}  // namespace
}  // namespace spoor::store
