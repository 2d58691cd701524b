#include "base/log.h"

#include <atomic>
#include <mutex>
#include <string>
#include <utility>

namespace spoor::log {
namespace {

struct Target {
  std::mutex mutex;
  Sink sink;
  /// Past every level while there is no sink.
  std::atomic<int> least = 100;
};

Target& target() {
  static Target* const only =
      new Target;  // never destroyed: threads may log while the program ends
  return *only;
}

}  // namespace

std::string_view level_name(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "error";
}

void set_sink(Level least, Sink sink) {
  const std::lock_guard lock(target().mutex);
  target().least = sink ? static_cast<int>(least) : 100;
  target().sink = std::move(sink);
}

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  if (static_cast<int>(level) < target().least) {
    return;
  }
  const std::lock_guard lock(target().mutex);
  if (target().sink) {
    target().sink(level, event, {fields.begin(), fields.size()});
  }
}

void error(std::string_view event, const Error& problem) {
  const std::string text = problem.to_string();
  write(Level::kError, event, {{"error", text}});
}

}  // namespace spoor::log
