#include "pipeline/import_jobs.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "json/reader.h"
#include "json/writer.h"
#include "pipeline/source_import.h"
#include "pipeline/unrepaired_devices.h"
#include "pipeline/uploads.h"
#include "state/state.h"
#include "store/purge.h"

namespace spoor::pipeline {
namespace {

constexpr std::size_t kKeptEvents = 256;
/// Progress is told once so many bytes are new, or a file begins.
constexpr std::uint64_t kProgressBytes = 4u << 20;
constexpr std::uint64_t kProgressRecords = 20'000;

Result<std::string> random_job_id() {
  std::array<char, 8> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return fail(system_error("cannot make a random id", "", errno));
  }
  return hex_lower({bytes.data(), bytes.size()});
}

bool has_ended(ImportJobState state) {
  return state != ImportJobState::kQueued && state != ImportJobState::kRunning;
}

/// True for the name of a file and of what is packed in it.
bool is_in_file(std::string_view where, std::string_view name) {
  return where == name || (where.starts_with(name) && where.substr(name.size()).starts_with('!'));
}

std::unexpected<Error> no_job(std::string_view id) {
  return fail(ErrorCode::kNotFound, fmt::format("there is no job '{}'", to_valid_utf8(id)));
}

/// What the state keeps of a job beside its report.
std::string counters_json(const ImportJob& job) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("owner").string(job.owner);
  writer.key("state").string(import_job_state_name(job.last.state));
  writer.key("reason").string(job.last.reason);
  writer.key("bytes_done").number(job.last.bytes_done);
  writer.key("bytes_total").number(job.last.bytes_total);
  writer.key("records").number(job.last.records);
  writer.end_object();
  return out;
}

bool is_true(const json::Dynamic& value) {
  const bool* truth = value.as_bool();
  return truth != nullptr && *truth;
}

/// A job of an earlier process, or one whose events are forgotten.
ImportJob from_state(const state::Job& stored) {
  ImportJob job;
  job.id = stored.id;
  job.names = stored.paths;
  job.report = stored.report;
  job.last.job_id = stored.id;
  if (const auto counters = json::parse(stored.counters)) {
    const auto number = [&](const char* name) {
      return static_cast<std::uint64_t>(std::max<std::int64_t>(0, (*counters)[name].int_or(0)));
    };
    job.owner = (*counters)["owner"].text_or("");
    job.last.reason = (*counters)["reason"].text_or("");
    job.last.bytes_done = number("bytes_done");
    job.last.bytes_total = number("bytes_total");
    job.last.records = number("records");
    if ((*counters)["state"].text_or("") == "cancelled") {
      job.last.state = ImportJobState::kCancelled;
    }
  }
  switch (stored.state) {
    case state::JobState::kRunning:
      job.last.state = ImportJobState::kRunning;
      break;
    case state::JobState::kDone:
      job.last.state = ImportJobState::kDone;
      break;
    case state::JobState::kFailed:
      if (const auto report = json::parse(stored.report);
          report && is_true((*report)["interrupted"])) {
        job.last.state = ImportJobState::kInterrupted;
        job.last.reason = (*report)["reason"].text_or("");
      } else if (job.last.state != ImportJobState::kCancelled) {
        job.last.state = ImportJobState::kFailed;
      }
      break;
    case state::JobState::kPurged:
      job.last.state = ImportJobState::kPurged;
      break;
  }
  return job;
}

}  // namespace

std::string_view import_job_state_name(ImportJobState state) {
  static constexpr std::string_view kNames[] = {"queued",    "running", "done",       "failed",
                                                "cancelled", "purged",  "interrupted"};
  return kNames[static_cast<std::size_t>(state)];
}

std::string ImportJobEvent::to_json() const {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("sequence").number(sequence);
  writer.key("job").string(job_id);
  writer.key("state").string(import_job_state_name(state));
  writer.key("bytes_done").number(bytes_done);
  writer.key("bytes_total").number(bytes_total);
  writer.key("records").number(records);
  if (!file.empty()) {
    writer.key("file").string(file);
  }
  if (!reason.empty()) {
    writer.key("reason").string(reason);
  }
  writer.end_object();
  return out;
}

struct ImportJobs::Impl {
  struct Data {
    ImportJob job;
    std::vector<std::string> upload_ids;
    std::vector<std::uint64_t> sizes;
    std::deque<ImportJobEvent> events;
    std::map<std::uint64_t, std::function<void(const ImportJobEvent&)>> listeners;
    std::stop_source stop;
    std::string cancelled_by;
  };
  using Job = std::shared_ptr<Data>;

  Impl(const ImportTarget& given, Uploads& theirs, ImportJobLimits chosen)
      : target(given), uploads(theirs), limits(std::move(chosen)) {
    limits.parse.archive.spool_folder = uploads.folder();
  }

  /// Under the lock: the job's state and progress as they stand now become an event.
  void publish(Data& data) {
    ++data.job.last.sequence;
    data.events.push_back(data.job.last);
    if (data.events.size() > kKeptEvents) {
      data.events.pop_front();
    }
    for (const auto& [id, listener] : data.listeners) {
      listener(data.job.last);
    }
  }

  Result<Job> find(std::string_view id) const {
    const auto found = jobs.find(id);
    if (found == jobs.end()) {
      return no_job(id);
    }
    return found->second;
  }

  Result<std::string> start(const ImportJobRequest& request);
  Result<void> hold_all(const ImportJobRequest& request, Data& data);
  Result<void> cancel(std::string_view id, std::string_view actor);
  void release_all(const Data& data, bool remove);
  void work();
  void run(const Job& job);
  Result<void> read_uploads(Data& data, const RecordSink& sink, const std::stop_token& stop);
  [[nodiscard]] std::string told_reason(const Error& error, const Data& data) const;
  void finish(Data& data, ImportJobState state, std::string reason, std::string report);
  void forget_old();

  const ImportTarget target;
  Uploads& uploads;
  ImportJobLimits limits;
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, Job, std::less<>> jobs;
  std::deque<Job> queue;
  std::deque<std::string> ended;  ///< oldest first
  Job running;
  std::uint64_t next_listener = 1;
  bool is_ending = false;
  std::thread thread;
};

/// Takes all uploads for the job, or none.
Result<void> ImportJobs::Impl::hold_all(const ImportJobRequest& request, Data& data) {
  std::uint64_t bytes = 0;
  const auto held = [&]() -> Result<void> {
    for (const std::string& id : request.upload_ids) {
      TRY_VOID(uploads.hold(request.owner, id));
      data.upload_ids.push_back(id);
      const Upload upload = TRY(uploads.get(request.owner, id));
      data.job.names.push_back(upload.name);
      data.sizes.push_back(upload.size);
      bytes += upload.size;
    }
    if (bytes > limits.bytes) {
      return fail(ErrorCode::kLimit, fmt::format("an import may have {} bytes", limits.bytes));
    }
    return {};
  }();
  if (!held) {
    release_all(data, false);
    return held;
  }
  data.job.last.bytes_total = bytes;
  return {};
}

void ImportJobs::Impl::release_all(const Data& data, bool remove) {
  for (const std::string& id : data.upload_ids) {
    uploads.release(id);
    if (remove) {
      (void)uploads.remove(data.job.owner, id);
    }
  }
}

Result<std::string> ImportJobs::Impl::start(const ImportJobRequest& request) {
  if (request.upload_ids.empty()) {
    return fail(ErrorCode::kInvalidInput, "an import needs an upload");
  }
  if (request.upload_ids.size() > limits.files) {
    return fail(ErrorCode::kLimit, fmt::format("an import may have {} files", limits.files));
  }
  auto data = std::make_shared<Data>();
  data->job.id = TRY(random_job_id());
  data->job.owner = request.owner;
  data->job.last.job_id = data->job.id;
  {
    const std::scoped_lock lock(mutex);
    if (is_ending || queue.size() >= limits.queued) {
      return fail(Error::make(ErrorCode::kUnavailable, "too many imports are waiting")
                      .with_hint("try again when one of them has ended"));
    }
  }
  TRY_VOID(hold_all(request, *data));
  state::Job stored;
  stored.id = data->job.id;
  stored.kind = "import";
  stored.started = now_ticks();
  stored.paths = data->job.names;
  stored.counters = counters_json(data->job);
  const auto begun = target.state.in_transaction([&]() -> Result<void> {
    TRY_VOID(target.state.jobs().start(stored));
    TRY(target.state.audit().append(
        {0, stored.started, request.owner, "import.start", stored.id, stored.counters}));
    return {};
  });
  if (!begun) {
    release_all(*data, false);
    return fail(begun.error());
  }
  const std::scoped_lock lock(mutex);
  jobs.emplace(data->job.id, data);
  queue.push_back(data);
  publish(*data);
  changed.notify_all();
  return data->job.id;
}

void ImportJobs::Impl::work() {
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait(lock, [&] { return is_ending || !queue.empty(); });
    if (queue.empty()) {
      return;
    }
    const Job job = queue.front();
    queue.pop_front();
    running = job;
    lock.unlock();
    run(job);
    lock.lock();
    running.reset();
    forget_old();
  }
}

void ImportJobs::Impl::run(const Job& job) {
  Data& data = *job;
  const std::stop_token stop = data.stop.get_token();
  if (stop.stop_requested()) {
    finish(data, ImportJobState::kCancelled, "cancelled before it began", "{}");
    return;
  }
  {
    const std::scoped_lock lock(mutex);
    data.job.last.state = ImportJobState::kRunning;
    publish(data);
  }
  SourceImportRequest request;
  request.job_id = data.job.id;
  request.reported_by = data.job.owner;
  std::uint64_t told_bytes = 0;
  std::uint64_t told_records = 0;
  request.on_progress = [&](const ImportProgress& progress) {
    const std::scoped_lock lock(mutex);
    ImportJobEvent& last = data.job.last;
    if (progress.file == last.file && progress.bytes_done < told_bytes + kProgressBytes &&
        progress.records < told_records + kProgressRecords) {
      return;
    }
    told_bytes = last.bytes_done = std::min(progress.bytes_done, last.bytes_total);
    told_records = last.records = progress.records;
    last.file = progress.file;
    publish(data);
  };
  const RecordSource source = [&](const RecordSink& sink, const std::stop_token& ask) {
    return read_uploads(data, sink, ask);
  };
  const SourceImport outcome = import_from(target, request, source, stop);
  {
    const std::scoped_lock lock(mutex);
    data.job.last.records = outcome.report.records;
    if (!outcome.failure) {
      data.job.last.bytes_done = data.job.last.bytes_total;
    }
  }
  const std::string report = outcome.report.to_json();
  if (!outcome.failure) {
    finish(data, ImportJobState::kDone, "", report);
  } else if (outcome.failure->code == ErrorCode::kCancelled && stop.stop_requested()) {
    finish(data, ImportJobState::kCancelled, "cancelled; what was read before is stored", report);
  } else {
    log::error("import.failed", {{"job", data.job.id}, {"error", outcome.failure->to_string()}});
    finish(data, ImportJobState::kFailed, told_reason(*outcome.failure, data), report);
  }
}

/// Each upload in a child of its own: what is wrong with one does not touch the others.
Result<void> ImportJobs::Impl::read_uploads(Data& data, const RecordSink& sink,
                                            const std::stop_token& stop) {
  std::uint64_t before = 0;
  const std::uint64_t total = data.job.last.bytes_total;
  std::uint64_t done = 0;
  std::uint64_t records = 0;
  const auto tell = [&] { sink.on_progress(before + done, total); };
  for (std::size_t at = 0; at < data.upload_ids.size(); ++at) {
    const FileHandle file = TRY(uploads.open_complete(data.job.owner, data.upload_ids[at]));
    done = 0;
    const ingest::sandbox::ParseEvents events{.on_record =
                                                  [&](const event::Record& record) {
                                                    sink.on_record(record);
                                                    if (++records % kProgressRecords == 0) {
                                                      tell();
                                                    }
                                                  },
                                              .on_problem = sink.on_problem,
                                              .on_unread = sink.on_unread,
                                              .on_file =
                                                  [&](std::string_view path, std::uint64_t bytes) {
                                                    sink.on_file(path, bytes);
                                                    tell();
                                                  },
                                              .on_progress =
                                                  [&](std::uint64_t position) {
                                                    done = std::min(position, data.sizes[at]);
                                                    tell();
                                                  }};
    const auto parsed =
        ingest::sandbox::parse_in_child(file.get(), data.job.names[at], limits.parse, events, stop);
    if (!parsed) {
      const ErrorCode code = parsed.error().code;
      if (code != ErrorCode::kLimit && code != ErrorCode::kInvalidInput) {
        return fail(parsed.error());
      }
      Error problem = parsed.error();
      if (!is_in_file(problem.where, data.job.names[at])) {
        problem.where = data.job.names[at];
      }
      sink.on_problem(problem);
    }
    before += data.sizes[at];
    done = 0;
    tell();
  }
  return {};
}

/// Why a job failed, in words for whoever may see it: of places the names that were given, and no
/// path of this machine.
std::string ImportJobs::Impl::told_reason(const Error& error, const Data& data) const {
  Error told = error;
  if (std::ranges::none_of(
          data.job.names, [&](const std::string& name) { return is_in_file(error.where, name); })) {
    told.where.clear();
  }
  std::string text = told.to_string();
  for (const std::string& folder : {uploads.folder(), target.processes_folder}) {
    if (text.contains(folder) || text.contains(fmt::format("{}/", path_folder(folder)))) {
      return "the server could not go on; its log has the reason";
    }
  }
  return text;
}

void ImportJobs::Impl::finish(Data& data, ImportJobState state, std::string reason,
                              std::string report) {
  std::string counters;
  {
    const std::scoped_lock lock(mutex);
    data.job.report = report;
    data.job.last.file.clear();
    data.job.last.reason = std::move(reason);
    data.job.last.state = state;
    counters = counters_json(data.job);
  }
  const auto stored = target.state.in_transaction([&]() -> Result<void> {
    const auto outcome =
        state == ImportJobState::kDone ? state::JobState::kDone : state::JobState::kFailed;
    TRY_VOID(target.state.jobs().finish(data.job.id, outcome, now_ticks(), counters, report));
    const std::string& actor = data.cancelled_by.empty() ? data.job.owner : data.cancelled_by;
    TRY(target.state.audit().append(
        {0, now_ticks(), actor,
         state == ImportJobState::kCancelled ? "import.cancel" : "import.end", data.job.id,
         counters}));
    return {};
  });
  // The files of a failed job can be imported again; those of the others have done their service.
  release_all(data, state != ImportJobState::kFailed);
  const std::scoped_lock lock(mutex);
  if (!stored && data.job.last.reason.empty()) {
    data.job.last.reason = stored.error().to_string();
  }
  ended.push_back(data.job.id);
  publish(data);
}

/// Under the lock. What is forgotten can still be read from the state.
void ImportJobs::Impl::forget_old() {
  while (ended.size() > limits.remembered) {
    jobs.erase(ended.front());
    ended.pop_front();
  }
}

Result<void> ImportJobs::Impl::cancel(std::string_view id, std::string_view actor) {
  Job waiting;
  {
    const std::scoped_lock lock(mutex);
    const auto found = find(id);
    if (!found || has_ended((*found)->job.last.state)) {
      if (found || TRY(target.state.jobs().get(id))) {
        return fail(ErrorCode::kConflict, "the job has ended");
      }
      return no_job(id);
    }
    (*found)->cancelled_by = actor;
    (*found)->stop.request_stop();
    if (const auto place = std::ranges::find(queue, *found); place != queue.end()) {
      waiting = *place;
      queue.erase(place);
    }
  }
  if (waiting) {
    finish(*waiting, ImportJobState::kCancelled, "cancelled before it began", "{}");
  }
  return {};
}

ImportJobs::ImportJobs(ImportTarget target, Uploads& uploads, ImportJobLimits limits)
    : impl_(std::make_shared<Impl>(target, uploads, std::move(limits))) {
  impl_->thread = std::thread([impl = impl_.get()] { impl->work(); });
}

ImportJobs::~ImportJobs() {
  {
    const std::scoped_lock lock(impl_->mutex);
    impl_->is_ending = true;
    for (const auto& job : impl_->queue) {
      job->stop.request_stop();
    }
    if (impl_->running) {
      impl_->running->stop.request_stop();
    }
  }
  impl_->changed.notify_all();
  impl_->thread.join();
}

Result<std::string> ImportJobs::start(const ImportJobRequest& request) {
  return impl_->start(request);
}

Result<ImportJob> ImportJobs::get(std::string_view job_id) const {
  {
    const std::scoped_lock lock(impl_->mutex);
    if (const auto found = impl_->find(job_id)) {
      return (*found)->job;
    }
  }
  const auto stored = TRY(impl_->target.state.jobs().get(job_id));
  if (!stored || stored->kind != "import") {
    return no_job(job_id);
  }
  return from_state(*stored);
}

Result<std::vector<ImportJob>> ImportJobs::list(int limit, std::string_view before_id) const {
  std::vector<ImportJob> all;
  for (const state::Job& stored :
       TRY(impl_->target.state.jobs().newest("import", limit, before_id))) {
    all.push_back(TRY(get(stored.id)));
  }
  return all;
}

Result<void> ImportJobs::cancel(std::string_view job_id, std::string_view actor) {
  return impl_->cancel(job_id, actor);
}

Result<std::uint64_t> ImportJobs::purge(std::string_view job_id, std::string_view actor) {
  const ImportJob job = TRY(get(job_id));
  if (!has_ended(job.last.state)) {
    return fail(ErrorCode::kConflict, "the job has not ended");
  }
  const std::uint64_t records = TRY(store::purge_job(impl_->target.client, job.id));
  std::string detail;
  json::Writer(detail).begin_object().key("records").number(records).end_object();
  TRY_VOID(UnrepairedDevices::forget(impl_->target.processes_folder, job.id));
  TRY_VOID(impl_->target.state.in_transaction([&]() -> Result<void> {
    TRY_VOID(impl_->target.state.jobs().mark_purged(job.id));
    TRY(impl_->target.state.audit().append(
        {0, now_ticks(), std::string(actor), "purge", job.id, detail}));
    return {};
  }));
  const std::scoped_lock lock(impl_->mutex);
  if (const auto found = impl_->find(job_id)) {
    (*found)->job.last.state = ImportJobState::kPurged;
    impl_->publish(**found);
  }
  return records;
}

namespace {

class Listening final : public ImportJobs::Subscription {
 public:
  explicit Listening(std::function<void()> end) : end_(std::move(end)) {}
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  ~Listening() override { end_(); }

 private:
  std::function<void()> end_;
};

}  // namespace

Result<std::unique_ptr<ImportJobs::Subscription>> ImportJobs::subscribe(
    std::string_view job_id, std::uint64_t after_sequence,
    std::function<void(const ImportJobEvent&)> on_event) {
  const std::scoped_lock lock(impl_->mutex);
  const auto job = TRY(impl_->find(job_id));
  for (const ImportJobEvent& event : job->events) {
    if (event.sequence > after_sequence) {
      on_event(event);
    }
  }
  const std::uint64_t id = impl_->next_listener++;
  job->listeners.emplace(id, std::move(on_event));
  return std::make_unique<Listening>([impl = impl_, job, id] {
    const std::scoped_lock locked(impl->mutex);
    job->listeners.erase(id);
  });
}

}  // namespace spoor::pipeline
