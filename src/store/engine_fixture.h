#pragma once
// Test support: an engine of its own in a new folder, with the schema in it.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "event/batch.h"
#include "event/native_reader.h"
#include "store/appender.h"
#include "store/client.h"
#include "store/migrate.h"
#include "store/worker_process.h"

namespace spoor::store {

class EngineTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "spoor-store-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    auto worker = WorkerProcess::start(folder_);
    if (!worker && worker.error().code == ErrorCode::kNotFound) {
      GTEST_SKIP() << worker.error().to_string();
    }
    ASSERT_TRUE(worker) << worker.error().to_string();
    worker_ = *std::move(worker);
    client_ = std::make_unique<Client>(worker_->endpoint());
    Endpoint hunting = worker_->endpoint();
    hunting.user = "hunter";
    hunter_ = std::make_unique<Client>(hunting);
    MigrateOptions options;
    options.reserve_bytes = 1U << 20;
    const auto migrated = migrate(*client_, options);
    ASSERT_TRUE(migrated) << migrated.error().to_string();
  }
  void TearDown() override {
    worker_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  /// The answer in TSV, or the error's text.
  static std::string answer(const Client& client, std::string sql,
                            std::vector<Parameter> parameters = {},
                            std::vector<std::pair<std::string, std::string>> settings = {}) {
    Query query;
    query.sql = std::move(sql);
    query.parameters = std::move(parameters);
    query.settings = std::move(settings);
    query.format = "TSV";
    auto text = client.query_text(query);
    return text ? *text : "error: " + text.error().message;
  }
  [[nodiscard]] std::string ask(std::string sql, std::vector<Parameter> parameters = {}) const {
    return answer(*client_, std::move(sql), std::move(parameters));
  }
  [[nodiscard]] std::string hunt(std::string sql, std::vector<Parameter> parameters = {}) const {
    return answer(*hunter_, std::move(sql), std::move(parameters));
  }
  void execute(std::string sql) const {
    Query statement;
    statement.sql = std::move(sql);
    const auto done = client_->execute(statement);
    ASSERT_TRUE(done) << done.error().to_string();
  }
  [[nodiscard]] Appender appender() const {
    return {*client_, [this] { return worker_->wait_until_ready(); }};
  }
  /// Rows of one event each in two tables, numbered from `first`.
  static std::vector<event::Batch> numbered(std::int64_t first, std::int64_t count, Ticks time) {
    std::vector<event::Batch> batches;
    for (const char* name : {"DeviceProcessEvents", "DeviceSourceRecords"}) {
      event::Batch batch(*schema::find_table(name));
      for (std::int64_t number = first; number < first + count; ++number) {
        batch.begin_row();
        batch.set_number(*batch.table().find("Timestamp"), time + number);
        batch.set_text(*batch.table().find("DeviceId"), "device-1");
        batch.set_number(*batch.table().find("EventId"), number);
      }
      batches.push_back(std::move(batch));
    }
    return batches;
  }

  std::string folder_;
  std::unique_ptr<WorkerProcess> worker_;
  std::unique_ptr<Client> client_, hunter_;
};

}  // namespace spoor::store
