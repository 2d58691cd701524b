#pragma once
// Test support: `spoor serve` as a process, with its log and what stands in it.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/file.h"
#include "base/temp_folder.h"
#include "base/text.h"
#include "cli/local_server.h"
#include "cli/run_program.h"
#include "json/reader.h"

namespace spoor::cli {

namespace fs = std::filesystem;

inline const std::string kSpoor = SPOOR_BINARY_DIR "/bin/spoor";

/// Tries until it is so, or too long.
inline bool becomes(const std::function<bool()>& is_so) {
  for (int tried = 0; tried < 1500; ++tried) {
    if (is_so()) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

/// True where a server that has left root can run what was built: every folder above it must let
/// others through.
inline bool others_may_run(const std::string& program) {
  const pid_t child = fork();
  if (child == 0) {
    constexpr uid_t kNobody = 65534;
    const bool may =
        ::setgid(kNobody) == 0 && ::setuid(kNobody) == 0 && ::access(program.c_str(), X_OK) == 0;
    ::_exit(may ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

class Serve : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(SPOOR_BINARY_DIR "/bin/spoor-store")) {
      GTEST_SKIP() << "spoor-store is not built: the telemetry engine's package is not installed";
    }
    if (getuid() == 0 && !others_may_run(SPOOR_BINARY_DIR "/bin/spoor-store")) {
      GTEST_SKIP() << "run by root, in a folder that the user a server becomes cannot enter";
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

}  // namespace spoor::cli
