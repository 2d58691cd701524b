#include "api/import_followers.h"

#include <utility>

#include "json/writer.h"
#include "pipeline/import_jobs.h"

namespace spoor::api {
namespace {

bool is_over(pipeline::ImportJobState state) {
  return state != pipeline::ImportJobState::kQueued && state != pipeline::ImportJobState::kRunning;
}

}  // namespace

struct ImportFollowers::Follower {
  http::EventStream stream;
  std::unique_ptr<pipeline::ImportJobs::Subscription> subscription;
};

ImportFollowers::ImportFollowers() = default;
ImportFollowers::~ImportFollowers() = default;

Result<void> ImportFollowers::follow(pipeline::ImportJobs& imports, const std::string& job_id,
                                     std::uint64_t sequence, http::EventStream stream) {
  sweep();
  auto follower = std::make_unique<Follower>();
  follower->stream = stream;
  follower->subscription = TRY(
      imports.subscribe(job_id, sequence, [stream](const pipeline::ImportJobEvent& event) mutable {
        stream.send(std::to_string(event.sequence), "progress", progress_body(event));
        if (is_over(event.state)) {
          stream.close();
        }
      }));
  const std::lock_guard lock(mutex_);
  followers_.push_back(std::move(follower));
  return {};
}

void ImportFollowers::clear() {
  std::vector<std::unique_ptr<Follower>> ended;
  const std::lock_guard lock(mutex_);
  ended.swap(followers_);
  for (const auto& follower : ended) {
    follower->stream.close();
  }
}

void ImportFollowers::sweep() {
  std::vector<std::unique_ptr<Follower>> ended;
  const std::lock_guard lock(mutex_);
  for (auto& follower : followers_) {
    if (!follower->stream.is_open()) {
      ended.push_back(std::move(follower));
    }
  }
  std::erase(followers_, nullptr);
}

std::string progress_body(const pipeline::ImportJobEvent& event) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object()
      .key("sequence")
      .number(event.sequence)
      .key("state")
      .string(pipeline::import_job_state_name(event.state));
  writer.key("bytes_done").number(event.bytes_done).key("bytes_total").number(event.bytes_total);
  writer.key("records")
      .number(event.records)
      .key("file")
      .string(event.file)
      .key("reason")
      .string(event.reason);
  writer.end_object();
  return out;
}

}  // namespace spoor::api
