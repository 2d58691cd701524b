#include "pipeline/import_jobs.h"

#include <gmock/gmock.h>

#include <condition_variable>
#include <fstream>
#include <mutex>

#include "json/reader.h"
#include "pipeline/live_fixture.h"
#include "pipeline/uploads.h"

namespace spoor::pipeline {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Events of a job, as a subscriber sees them.
class Log {
 public:
  void operator()(const ImportJobEvent& event) {
    const std::scoped_lock lock(mutex_);
    events_.push_back(event);
    changed_.notify_all();
  }
  ImportJobEvent wait_for(ImportJobState state) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
      return std::ranges::any_of(events_, [&](const auto& each) { return each.state == state; });
    });
    return *std::ranges::find(events_, state, &ImportJobEvent::state);
  }
  std::vector<ImportJobEvent> events() {
    const std::scoped_lock lock(mutex_);
    return events_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<ImportJobEvent> events_;
};

class Jobs : public LiveTest {
 protected:
  void SetUp() override {
    LiveTest::SetUp();
    if (!worker_) {
      return;
    }
    UploadLimits limits;
    limits.free_bytes = 0;
    auto uploads = Uploads::open(folder_ + "/uploads", limits);
    ASSERT_TRUE(uploads) << uploads.error().to_string();
    uploads_ = *std::move(uploads);
    open_jobs();
  }
  void TearDown() override {
    jobs_.reset();
    uploads_.reset();
    LiveTest::TearDown();
  }
  void open_jobs(ImportJobLimits limits = {}) {
    jobs_.reset();
    jobs_ = std::make_unique<ImportJobs>(
        ImportTarget{*state_, *client_, *appender_, folder_ + "/processes"}, *uploads_, limits);
  }
  std::string upload(const std::string& name, const std::string& bytes) {
    const auto made = uploads_->create("mira", name, bytes.size());
    EXPECT_TRUE(made) << made.error().to_string();
    constexpr std::size_t kPiece = 8u << 20;
    for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
      const auto added = uploads_->append("mira", made->id, at, bytes.substr(at, kPiece));
      EXPECT_TRUE(added) << added.error().to_string();
    }
    return made->id;
  }
  std::unique_ptr<ImportJobs::Subscription> follow(const std::string& job, Log& log,
                                                   std::uint64_t after = 0) {
    auto subscription = jobs_->subscribe(job, after, std::ref(log));
    EXPECT_TRUE(subscription) << subscription.error().to_string();
    return *std::move(subscription);
  }
  std::string start(const std::vector<std::string>& uploads) {
    const auto job = jobs_->start({"mira", uploads});
    EXPECT_TRUE(job) << job.error().to_string();
    return job.value_or("");
  }
  std::string count() const { return ask("SELECT count() FROM DeviceSourceRecords"); }

  std::unique_ptr<Uploads> uploads_;
  std::unique_ptr<ImportJobs> jobs_;
};

TEST_F(Jobs, UploadsAreImportedOnceAndReported) {
  const std::string log = evtx::fixtures::dense_log(400'000);
  const std::string good = upload("../Security.evtx", log);
  const std::string bad = upload("broken.gz", "\x1f\x8b\x08 no gzip at all");
  const std::string unknown = upload("notes.txt", "hello");
  const std::string job = start({bad, good, unknown});
  Log seen;
  const auto following = follow(job, seen);
  const ImportJobEvent last = seen.wait_for(ImportJobState::kDone);
  EXPECT_EQ(last.bytes_done, last.bytes_total);
  const auto events = seen.events();
  EXPECT_EQ(events.front().state, ImportJobState::kQueued);
  for (std::size_t at = 0; at < events.size(); ++at) {
    EXPECT_EQ(events[at].sequence, at + 1);
    EXPECT_EQ(events[at].job_id, job);
  }
  Log resumed;
  const auto again = follow(job, resumed, events.size() - 1);
  ASSERT_EQ(resumed.events().size(), 1u);
  EXPECT_EQ(resumed.events()[0].to_json(), events.back().to_json());

  const auto ended = jobs_->get(job);
  ASSERT_TRUE(ended);
  const auto report = json::parse(ended->report);
  ASSERT_TRUE(report) << ended->report;
  EXPECT_EQ((*report)["files"].int_or(0), 1) << ended->report;
  EXPECT_EQ((*report)["error_count"].int_or(0), 1) << ended->report;
  EXPECT_EQ((*report)["unread"].dump(), R"(["notes.txt"])");
  EXPECT_EQ(count(), std::to_string((*report)["records"].int_or(0)) + "\n");
  EXPECT_EQ(ask("SELECT DISTINCT ReportedBy, JobId, SourceFile, RetentionClass FROM "
                "DeviceSourceRecords"),
            "mira\t" + job + "\t../Security.evtx\t0\n");
  EXPECT_THAT(uploads_->list("mira"), IsEmpty());

  const std::string second = start({upload("copy.evtx", log)});
  Log second_seen;
  const auto second_following = follow(second, second_seen);
  second_seen.wait_for(ImportJobState::kDone);
  const auto second_report = json::parse(jobs_->get(second)->report);
  EXPECT_EQ((*second_report)["duplicates"].int_or(0), (*report)["records"].int_or(-1));
  const auto listed = jobs_->list(10);
  ASSERT_TRUE(listed);
  ASSERT_EQ(listed->size(), 2u);
  EXPECT_EQ((*listed)[1].id, job);

  // Another process finds them in the state.
  open_jobs();
  const auto later = jobs_->get(job);
  ASSERT_TRUE(later);
  EXPECT_EQ(later->owner, "mira");
  EXPECT_EQ(later->last.state, ImportJobState::kDone);
  EXPECT_EQ(later->report, ended->report);
  EXPECT_EQ(jobs_->subscribe(job, 0, [](const auto&) {}).error().code, ErrorCode::kNotFound);
}

TEST_F(Jobs, CancelEndsCleanlyAndSaysWhatWasStored) {
  const std::string job = start({upload("large.evtx", evtx::fixtures::dense_log(40'000'000))});
  const std::string waiting = start({upload("next.evtx", evtx::fixtures::dense_log(100'000))});
  Log seen;
  Log seen_waiting;
  const auto following = follow(job, seen);
  const auto following_waiting = follow(waiting, seen_waiting);
  seen.wait_for(ImportJobState::kRunning);
  EXPECT_EQ(jobs_->purge(job, "admin").error().message, "the job has not ended");
  ASSERT_TRUE(jobs_->cancel(waiting, "admin"));
  EXPECT_EQ(seen_waiting.wait_for(ImportJobState::kCancelled).reason, "cancelled before it began");
  ASSERT_TRUE(jobs_->cancel(job, "admin"));
  EXPECT_EQ(seen.wait_for(ImportJobState::kCancelled).reason,
            "cancelled; what was read before is stored");
  const auto ended = jobs_->get(job);
  const auto report = json::parse(ended->report);
  ASSERT_TRUE(report) << ended->report;
  EXPECT_EQ(count(), std::to_string((*report)["records"].int_or(-1)) + "\n");
  EXPECT_EQ(jobs_->cancel(job, "admin").error().message, "the job has ended");
  const auto entries = state_->audit().newest(10, INT64_MAX, {.object = job});
  ASSERT_TRUE(entries);
  EXPECT_EQ(entries->front().action, "import.cancel");
  EXPECT_EQ(entries->front().actor, "admin");

  const auto purged = jobs_->purge(job, "admin");
  ASSERT_TRUE(purged) << purged.error().to_string();
  EXPECT_EQ(count(), "0\n");
  EXPECT_EQ(jobs_->get(job)->last.state, ImportJobState::kPurged);
  open_jobs();
  EXPECT_EQ(jobs_->get(waiting)->last.state, ImportJobState::kCancelled);
  EXPECT_EQ(jobs_->get(job)->last.state, ImportJobState::kPurged);
}

TEST_F(Jobs, RefusalsAreSaid) {
  EXPECT_EQ(jobs_->start({"mira", {}}).error().message, "an import needs an upload");
  const auto half = uploads_->create("mira", "a", 10);
  const std::string whole = upload("b", "hello");
  EXPECT_EQ(jobs_->start({"mira", {whole, half->id}}).error().message,
            "the upload is not complete");
  EXPECT_EQ(jobs_->start({"eve", {whole}}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(jobs_->start({"mira", {whole, whole}}).error().message, "the upload is in use");
  EXPECT_TRUE(uploads_->remove("mira", whole)) << "a refused job holds nothing";
  for (const auto& error :
       {jobs_->get("x").error(), jobs_->cancel("x", "a").error(), jobs_->purge("x", "a").error()}) {
    EXPECT_EQ(error.message, "there is no job 'x'");
  }
  ImportJobLimits limits;
  limits.files = 1;
  limits.bytes = 3;
  limits.queued = 0;
  open_jobs(limits);
  EXPECT_EQ(jobs_->start({"mira", {"a", "b"}}).error().message, "an import may have 1 files");
  EXPECT_EQ(jobs_->start({"mira", {upload("c", "hello")}}).error().message,
            "too many imports are waiting");
  limits.queued = 1;
  open_jobs(limits);
  EXPECT_EQ(jobs_->start({"mira", {upload("d", "hello")}}).error().message,
            "an import may have 3 bytes");
}

TEST_F(Jobs, AFailureKeepsTheUpload) {
  ImportJobLimits limits;
  limits.parse.program = folder_ + "/missing";
  open_jobs(limits);
  const std::string file = upload("a.evtx", evtx::fixtures::dense_log(50'000));
  const std::string job = start({file});
  Log seen;
  const auto following = follow(job, seen);
  const std::string reason = seen.wait_for(ImportJobState::kFailed).reason;
  EXPECT_THAT(reason, HasSubstr("cannot start the parser"));
  EXPECT_THAT(reason, Not(HasSubstr(folder_))) << "no path of the server";
  EXPECT_THAT(jobs_->get(job)->report, Not(HasSubstr(folder_)));
  EXPECT_EQ(jobs_->get(job)->last.reason, reason);
  EXPECT_TRUE(uploads_->remove("mira", file));
}

}  // namespace
}  // namespace spoor::pipeline
