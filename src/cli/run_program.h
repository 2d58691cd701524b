#pragma once
// Runs command lines for tests. Internal to the module.

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace spoor::cli {

struct Outcome {
  int exit_code = -1;
  std::string out;
};

/// Runs a command line of our own making; standard error is left to the test's log.
inline Outcome run_program(const std::string& command) {
  Outcome outcome;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 65536> bytes{};
  for (std::size_t size = 0; (size = fread(bytes.data(), 1, bytes.size(), pipe)) > 0;) {
    outcome.out.append(bytes.data(), size);
  }
  const int status = pclose(pipe);
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return outcome;
}

}  // namespace spoor::cli
