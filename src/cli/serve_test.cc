// `spoor serve` as an operator runs it: the built program, its signals, its socket, its
// certificate.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/temp_folder.h"
#include "base/text.h"
#include "cli/local_server.h"
#include "cli/run_program.h"
#include "http/client.h"

namespace spoor::cli {
namespace {

namespace fs = std::filesystem;

const std::string kSpoor = SPOOR_BINARY_DIR "/bin/spoor";

/// Tries until it is so, or too long.
bool becomes(const std::function<bool()>& is_so) {
  for (int tried = 0; tried < 1500; ++tried) {
    if (is_so()) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

class Serve : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(SPOOR_BINARY_DIR "/bin/spoor-store")) {
      GTEST_SKIP() << "spoor-store is not built: the telemetry engine's package is not installed";
    }
    ASSERT_EQ(::chmod(folder_.path().c_str(), 0711), 0);
    ASSERT_EQ(run_program(kSpoor + " admin sample " + samples_).exit_code, 0);
  }
  void TearDown() override { stop(SIGKILL); }

  void start() {
    std::vector<std::string> words = {kSpoor,         "serve", "--data",          data_,
                                      "--log.format", "json",  "--server.listen", "127.0.0.1:0"};
    if (getuid() == 0) {
      words.insert(words.end(), {"--server.user", "nobody"});
    }
    ::unlink(log_.c_str());
    server_ = fork();
    if (server_ == 0) {
      std::vector<char*> pointers;
      for (std::string& word : words) {
        pointers.push_back(word.data());
      }
      pointers.push_back(nullptr);
      const int log = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
      ::dup2(log, STDERR_FILENO);
      ::dup2(::open("/dev/null", O_RDWR | O_CLOEXEC), STDOUT_FILENO);
      ::execv(pointers[0], pointers.data());
      ::_exit(127);
    }
    ASSERT_TRUE(becomes([&] { return !logged("server.ready").empty(); })) << whole_log();
  }
  /// Exit code of the server; -1 where none ran, 128 and the signal where one killed it.
  int stop(int signal) {
    if (server_ <= 0) {
      return -1;
    }
    ::kill(server_, signal);
    int status = 0;
    ::waitpid(server_, &status, 0);
    server_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  std::string whole_log() const { return read_file(log_, 16u << 20).value_or(""); }
  /// The last line of an event, empty without one.
  std::string logged(const std::string& event) const {
    std::string found;
    const std::string log = whole_log();
    for (const std::string_view line : split(log, '\n')) {
      if (line.contains("\"event\":\"" + event + "\"")) {
        found = line;
      }
    }
    return found;
  }
  json::Dynamic field(const std::string& event, std::string_view name) const {
    const auto line = json::parse(logged(event));
    return line ? (*line)[name] : json::Dynamic();
  }
  std::string local(const std::string& path) const {
    auto server = LocalServer::find(data_);
    return server ? server->text(path).value_or("refused") : "no server";
  }
  int engine_pid() const {
    const std::string text = read_file(data_ + "/store.lock", 100).value_or("");
    return static_cast<int>(parse_int(trim_blanks(text)).value_or(-1));
  }
  std::string option(const std::string& data) const { return " --data " + data + " "; }

  TempFolder folder_;
  std::string data_ = folder_ / "data";
  std::string direct_ = folder_ / "direct";
  std::string samples_ = folder_ / "samples";
  std::string log_ = folder_ / "log";
  pid_t server_ = -1;
};

TEST_F(Serve, AnswersByTheCertificateThatItsLogNames) {
  start();
  http::ClientRequest request;
  request.url = "https://" + std::string(field("server.ready", "address").text_or("")) + "/healthz";
  request.trust.accept_any_certificate = true;
  request.trust.public_key_pin = field("certificate", "pin").text_or("");
  http::Client client;
  const auto answer = client.send(request);
  ASSERT_TRUE(answer) << answer.error().to_string();
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "{\"status\":\"ok\"}");
  // Another key is another server.
  request.trust.public_key_pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  EXPECT_FALSE(http::Client().send(request));
  // Without a name for the caller there is nothing but that it runs.
  request.trust.public_key_pin = field("certificate", "pin").text_or("");
  request.url.replace(request.url.find("/healthz"), 8, "/api/devices");
  EXPECT_EQ(http::Client().send(request)->status, 401);

  const std::string fingerprint(field("certificate", "fingerprint").text_or("?"));
  struct stat key{};
  ASSERT_EQ(::stat((data_ + "/tls/server.key").c_str(), &key), 0);
  EXPECT_EQ(key.st_mode & 0777, 0600U);
  EXPECT_EQ(stop(SIGTERM), 0) << whole_log();
  EXPECT_EQ(field("server.stopping", "signal").text_or(""), "SIGTERM");
  start();
  EXPECT_EQ(field("certificate", "fingerprint").text_or(""), fingerprint);
  EXPECT_TRUE(logged("admin.made").empty()) << "an administrator is made once";
  EXPECT_EQ(stop(SIGINT), 0);
}

TEST_F(Serve, ThePasswordOfTheFirstAdministratorIsInAFileAndInNoLog) {
  start();
  const std::string file(field("admin.made", "password_file").text_or(""));
  const std::string password = read_file(file, 1000).value_or("");
  ASSERT_GT(password.size(), 20U);
  struct stat status{};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  EXPECT_EQ(whole_log().find(trim_blanks(password)), std::string::npos);
}

TEST_F(Serve, TheEngineIsStartedAgainAndReadinessSaysSo) {
  start();
  EXPECT_TRUE(local("/readyz").contains("\"status\":\"ready\""));
  const int first = engine_pid();
  ASSERT_GT(first, 0);
  ASSERT_EQ(::kill(first, SIGKILL), 0);
  EXPECT_TRUE(becomes([&] { return !logged("engine.ended").empty(); }));
  EXPECT_TRUE(becomes([&] {
    return engine_pid() != first && local("/readyz").contains("\"status\":\"ready\"") &&
           local("/metrics").contains("spoor_engine_restarts_total 1\n");
  })) << whole_log();
  EXPECT_EQ(
      run_program(kSpoor + " query --format csv" + option(data_) + "'DeviceTimeline | count'").out,
      "Count\n0\n");
  EXPECT_EQ(stop(SIGTERM), 0);
}

TEST_F(Serve, ACommandHandedOverSaysWhatItSaysByItself) {
  start();
  for (const std::string& folder : {data_, direct_}) {
    const Outcome imported = run_program(kSpoor + " import --json" + option(folder) + samples_ +
                                         "/WS01-Security.evtx " + samples_);
    ASSERT_EQ(imported.exit_code, 0);
    const auto report = json::parse(imported.out);
    ASSERT_TRUE(report) << imported.out;
    EXPECT_EQ((*report)["records"].int_or(0) - (*report)["duplicates"].int_or(0), 23);
    EXPECT_EQ((*report)["error_count"].int_or(-1), 0);
  }
  const std::string query =
      "'DeviceProcessEvents | extend d = Timestamp - datetime(2026-01-01), r = 1.5 / 3, n = "
      "long(null), k = dynamic([1,{\"a\":null}]) | project-away IngestTime, BatchId, ReportId "
      "| order by Timestamp asc, EventId asc'";
  for (const char* command : {"query --format csv", "query --format json", "query --format ndjson",
                              "query --format table", "query --rows 3 --format csv"}) {
    const Outcome handed = run_program(kSpoor + " " + std::string(command) + option(data_) + query);
    const Outcome direct =
        run_program(kSpoor + " " + std::string(command) + option(direct_) + query);
    EXPECT_EQ(handed.exit_code, 0);
    EXPECT_EQ(handed.out, direct.out) << command;
    EXPECT_GT(handed.out.size(), 300U);
  }
  for (const char* command : {"device list", "device show WS01", "device timeline WS01",
                              "device tree --format json WS01", "admin store check"}) {
    const Outcome handed = run_program(kSpoor + " " + std::string(command) + option(data_));
    EXPECT_EQ(handed.exit_code, 0);
    EXPECT_EQ(handed.out, run_program(kSpoor + " " + std::string(command) + option(direct_)).out)
        << command;
  }
  const std::string wrong = " 'DeviceEvents | frobnicate' 2>&1";
  EXPECT_EQ(run_program(kSpoor + " query" + option(data_) + wrong).out,
            run_program(kSpoor + " query" + option(direct_) + wrong).out);
  EXPECT_TRUE(run_program(kSpoor + " admin audit --json" + option(data_))
                  .out.contains("\"Action\":\"import.start\""));
}

TEST_F(Serve, ABackupOfARunningServerIsRestored) {
  start();
  ASSERT_EQ(run_program(kSpoor + " import --json" + option(data_) + samples_).exit_code, 0);
  const std::string to = folder_ / "b.tar";
  ASSERT_EQ(run_program(kSpoor + " admin backup" + option(data_) + "--to " + to).exit_code, 0);
  ASSERT_EQ(run_program(kSpoor + " admin restore" + option(direct_) + "--from " + to).exit_code, 0);
  EXPECT_EQ(run_program(kSpoor + " query --format csv" + option(direct_) +
                        "'DeviceSourceRecords | count'")
                .out,
            "Count\n23\n");
  EXPECT_EQ(run_program(kSpoor + " admin restore" + option(direct_) + "--from " + to + " 2>&1").out,
            "spoor: " + direct_ + ": a backup is restored into a new or empty folder\n");
  EXPECT_TRUE(fs::is_empty(data_ + "/snapshots"));
  EXPECT_TRUE(run_program(kSpoor + " admin audit --json" + option(data_))
                  .out.contains("\"Action\":\"backup.snapshot\""));
}

TEST(ServeStart, RootIsRefused) {
  if (getuid() != 0) {
    GTEST_SKIP() << "not root";
  }
  const TempFolder folder;
  const Outcome refused = run_program(kSpoor + " serve --data " + (folder / "data") + " 2>&1");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.out,
            "spoor: spoor serve does not run as root (start it as another user, or name one: "
            "--server.user spoor)\n");
  EXPECT_FALSE(fs::exists(folder / "data"));
}

TEST(ServeStart, WrongSettingsEndItAndPrintConfigTellsWhereTheyComeFrom) {
  const TempFolder folder;
  const std::string base = kSpoor + " serve --data " + folder.path();
  ASSERT_TRUE(write_file_atomically(folder / "spoor.toml", "[log]\nlevel = 'debug'\n"));
  const Outcome printed =
      run_program("SPOOR_LOG_FORMAT=json " + base + " --server.workers 4 --print-config");
  EXPECT_EQ(printed.exit_code, 0);
  for (const std::string& line :
       {"log.level = \"debug\"  # " + (folder / "spoor.toml") + ":2\n",
        std::string("log.format = \"json\"  # environment SPOOR_LOG_FORMAT\n"),
        std::string("server.workers = 4  # flag --server.workers\n"),
        std::string("server.user = \"\"  # default\n")}) {
    EXPECT_TRUE(printed.out.contains(line)) << line << printed.out;
  }
  const Outcome wrong = run_program(base + " --log.levle info 2>&1");
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_EQ(wrong.out, "spoor: there is no setting --log.levle (did you mean log.level?)\n");
}

}  // namespace
}  // namespace spoor::cli
