// What a collector was told is stored stays stored, once, while server and engine are killed.
// SPOOR_KILLS sets how many kills there are of each.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>

#include "base/text.h"
#include "base/ticks.h"
#include "cli/serve_fixture.h"
#include "http/client.h"

namespace spoor::cli {
namespace {

constexpr std::int64_t kRecordsARequest = 40;
constexpr Ticks kTime = 1'790'000'000 * kTicksPerSecond;

int kills_of_each() {
  const char* given = std::getenv("SPOOR_KILLS");
  return given != nullptr ? std::atoi(given) : 5;
}

/// Process starts of one device, numbered from `first` on.
std::string events_from(std::int64_t first) {
  std::string body;
  for (std::int64_t number = first; number < first + kRecordsARequest; ++number) {
    body += R"({"record_id":)" + std::to_string(number) + R"(,"time":")" +
            format_ticks(kTime + number * kTicksPerSecond) +
            R"(","channel":"Security","provider":"Microsoft-Windows-Security-Auditing",)" +
            R"("event_id":4688,"computer":"web-01.tidewater.example","data":{"NewProcessId":)" +
            std::to_string(4 * number) +
            R"(,"NewProcessName":"C:\\Windows\\System32\\cmd.exe","ProcessId":4,)" +
            R"("CommandLine":"cmd.exe /c echo )" + std::to_string(number) + "\"}}\n";
  }
  return body;
}

/// Sends numbered events, each request again until it is acknowledged.
class Collector {
 public:
  explicit Collector(const std::string& socket)
      : socket_(socket), thread_([this](const std::stop_token& stop) { run(stop); }) {}

  [[nodiscard]] std::int64_t acknowledged() const { return acknowledged_; }
  [[nodiscard]] bool is_waiting() const { return is_waiting_; }
  /// Returns once the request at hand is acknowledged.
  void stop() {
    thread_.request_stop();
    thread_.join();
  }

 private:
  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      http::ClientRequest request;
      request.method = "POST";
      request.url = "http://localhost/api/ingest/winlog";
      request.unix_socket = socket_;
      request.headers = {{"Content-Type", "application/x-ndjson"}};
      request.body = events_from(acknowledged_ + 1);
      is_waiting_ = true;
      // Without a server that comes back there is an end to waiting too.
      constexpr int kMostTries = 1500;
      for (int tried = 0;; ++tried) {
        if (tried > kMostTries && stop.stop_requested()) {
          return;
        }
        http::Client client;
        const auto answer = client.send(request);
        if (answer && answer->status == 200) {
          break;
        }
        // Anything but being away or behind is a fault of this test.
        if (answer && answer->status < 500 && answer->status != 429) {
          ADD_FAILURE() << answer->status << ' ' << answer->body;
          return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
      is_waiting_ = false;
      acknowledged_ += kRecordsARequest;
    }
  }

  std::string socket_;
  std::atomic<std::int64_t> acknowledged_ = 0;
  std::atomic<bool> is_waiting_ = false;
  std::jthread thread_;  // last: ends before what it uses
};

TEST_F(Serve, KilledServersAndEnginesLoseAndDoubleNothing) {
  start();
  Collector collector(data_ + "/run/spoor.sock");
  std::mt19937 random(9);
  int in_flight = 0;
  const int kills = 2 * kills_of_each();
  for (int kill = 0; kill < kills; ++kill) {
    const std::int64_t before = collector.acknowledged();
    ASSERT_TRUE(becomes([&] { return collector.acknowledged() > before; })) << whole_log();
    std::this_thread::sleep_for(
        std::chrono::milliseconds(std::uniform_int_distribution(1, 250)(random)));
    in_flight += collector.is_waiting() ? 1 : 0;
    if (kill % 2 == 0) {
      ASSERT_EQ(stop(SIGKILL), 128 + SIGKILL);
      start();
    } else {
      const int engine = engine_pid();
      ASSERT_GT(engine, 1);
      ASSERT_EQ(::kill(engine, SIGKILL), 0);
    }
  }
  const std::int64_t before = collector.acknowledged();
  EXPECT_TRUE(becomes([&] { return collector.acknowledged() > before; })) << whole_log();
  collector.stop();
  EXPECT_GE(in_flight, kills / 4) << "most kills met no request";

  const std::int64_t sent = collector.acknowledged();
  const std::string counts =
      "{\"query\":\"union withsource=T DeviceSourceRecords, DeviceProcessEvents, DeviceTimeline | "
      "summarize Rows = count(), Ids = count_distinct(EventId) by T | sort by T asc\"}";
  auto server = LocalServer::find(data_);
  ASSERT_TRUE(server);
  const auto answer = server->call("POST", "/api/query", counts);
  ASSERT_TRUE(answer) << answer.error().to_string();
  const auto* rows = (*answer)["rows"].as_array();
  ASSERT_NE(rows, nullptr);
  ASSERT_EQ(rows->size(), 3U);
  for (const json::Dynamic& row : *rows) {
    EXPECT_EQ(row[1].int_or(-1), sent) << row[0].text_or("");
    EXPECT_EQ(row[2].int_or(-1), sent) << row[0].text_or("");
  }
  EXPECT_EQ(stop(SIGTERM), 0) << whole_log();
}

}  // namespace
}  // namespace spoor::cli
