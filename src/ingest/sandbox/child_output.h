#pragma once
// What the child says, in order; ends the process where nobody listens any more. Internal to the
// module.

#include <string>
#include <string_view>

#include "event/record_codec.h"
#include "ingest/input/input_file.h"
#include "ingest/sandbox/frames.h"

namespace spoor::ingest::sandbox {

class ChildOutput {
 public:
  /// `name` is that of the file given.
  explicit ChildOutput(std::string name) : name_(std::move(name)) {}

  void record(const event::Record& record);
  void problem(const Error& error);
  void unread(std::string_view path);
  void file(std::string_view path, std::uint64_t bytes);
  /// Told on only once enough is new.
  void progress(std::uint64_t done);
  /// Of a file that may be the one given: what stands inside an archive says nothing of its place.
  void progress_of(const InputFile& file, std::uint64_t done) {
    if (file.display_path == name_) {
      progress(done);
    }
  }
  void done();
  void raw(std::string_view bytes);

 private:
  void send(FrameKind kind, std::string_view payload);
  void send_records();

  std::string name_;
  event::RecordBlockWriter block_;
  std::string payload_, frame_;
  std::uint64_t told_ = 0;
};

}  // namespace spoor::ingest::sandbox
