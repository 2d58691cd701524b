#pragma once
// The child as a process: started, listened to, ended. Internal to the module.

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "ingest/sandbox/frames.h"

namespace spoor::ingest::sandbox {

class ChildProcess {
 public:
  /// `program` gets the channel, the input and the spools as its only descriptors.
  static Result<ChildProcess> start(const std::string& program, int input,
                                    const std::vector<FileHandle>& spools);
  /// Kills it where it lives.
  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;

  Result<void> send(std::string_view bytes) const;
  enum class Heard : std::uint8_t { kBytes, kEnd, kNothing };
  /// Appends what it says, waiting for at most so long.
  Result<Heard> hear(std::string& out, std::chrono::milliseconds most) const;
  /// Ends it and gives the status of waitpid. Where it has closed its channel it gets a second to
  /// end by itself.
  int end(bool at_once);

 private:
  ChildProcess(pid_t pid, FileHandle channel) : pid_(pid), channel_(std::move(channel)) {}

  pid_t pid_ = -1;
  FileHandle channel_;
};

}  // namespace spoor::ingest::sandbox
