#pragma once
// Test support: an engine with a state and an intake beside it, and records of our own making.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "ingest/evtx/fixtures.h"
#include "ingest/evtx/reader.h"
#include "pipeline/live_intake.h"
#include "state/state.h"
#include "store/engine_fixture.h"

namespace spoor::pipeline {

/// The event as a record, in a log of its own.
inline void with_record(evtx::WriteEvent event, std::uint64_t number,
                        const std::function<void(const event::Record&)>& use) {
  event.record_id = number;
  evtx::Writer writer;
  EXPECT_TRUE(writer.add(event));
  const std::string log = writer.finish();
  evtx::read(evtx::Source::from_bytes("live", log), use,
             [](const evtx::Problem& problem) { ADD_FAILURE() << problem.reason; });
}

class LiveTest : public store::EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (worker_) {
      connect();
    }
  }
  void TearDown() override {
    intake_.reset();
    EngineTest::TearDown();
  }
  /// The writer of the store, and the state.
  void connect() {
    auto opened = state::State::open(folder_ + "/state.sqlite");
    ASSERT_TRUE(opened) << opened.error().to_string();
    state_ = *std::move(opened);
    appender_ =
        std::make_unique<store::Appender>(*client_, [this] { return worker_->wait_until_ready(); });
  }
  [[nodiscard]] IntakeTarget target() const {
    return {*state_, *client_, *appender_, folder_ + "/processes"};
  }
  void open(IntakeOptions options = {}) {
    intake_.reset();
    auto opened = LiveIntake::open(target(), options);
    ASSERT_TRUE(opened) << opened.error().to_string();
    intake_ = *std::move(opened);
  }
  static Submission of(const evtx::WriteEvent& event, std::uint64_t number,
                       Reporter reporter = Reporter::for_all_devices("collector")) {
    Submission submission(std::move(reporter));
    with_record(event, number,
                [&](const event::Record& record) { EXPECT_TRUE(submission.add(record)); });
    return submission;
  }

  std::unique_ptr<state::State> state_;
  std::unique_ptr<store::Appender> appender_;
  std::unique_ptr<LiveIntake> intake_;
};

}  // namespace spoor::pipeline
