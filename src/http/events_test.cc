// Server-sent events, and what stopping does to all that runs.
#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "http/http_fixture.h"

namespace spoor::http {
namespace {

using std::chrono::milliseconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class EventsTest : public ServerTest {
 protected:
  EventsTest() {
    (void)router.add(Method::kGet, "/events",
                     [this](Exchange& exchange) {
                       const std::lock_guard lock(mutex_);
                       streams_.push_back(exchange.start_events());
                     },
                     {.seconds = 0});
    (void)router.add(Method::kGet, "/ok",
                     [](Exchange& exchange) { exchange.respond(Response::text("ok")); });
  }
  EventStream stream(std::size_t index) {
    for (int tries = 0; tries < 2000; ++tries) {
      {
        const std::lock_guard lock(mutex_);
        if (index < streams_.size()) {
          return streams_[index];
        }
      }
      ::usleep(10'000);
    }
    return {};
  }

 private:
  std::mutex mutex_;
  std::vector<EventStream> streams_;
};

TEST_F(EventsTest, SendsEventsAndResumes) {
  start();
  RawClient client = connect();
  ASSERT_TRUE(client.send(get("/events")));
  EventStream first = stream(0);
  EXPECT_EQ(first.last_event_id(), "");
  EXPECT_TRUE(first.send("7", "alert", "line one\nline two\r\nline three"));
  ASSERT_TRUE(client.receive_until("three\n\n"));
  EXPECT_THAT(client.received, HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_THAT(client.received, EndsWith("\r\n\r\nid: 7\nevent: alert\ndata: line one\n"
                                        "data: line two\ndata: line three\n\n"));
  EXPECT_TRUE(first.send("a\ndata: injected", "b\r\n", "x"));
  ASSERT_TRUE(client.receive_until("three\n\ndata: x\n\n"));
  first.close();
  EXPECT_FALSE(first.send("8", "", "late"));
  client.received.clear();
  EXPECT_EQ(client.receive_all(), "");

  RawClient again = connect();
  ASSERT_TRUE(again.send(get("/events", "Last-Event-ID: 7\r\n")));
  EXPECT_EQ(stream(1).last_event_id(), "7");
}

TEST_F(EventsTest, HoldsNoWorkerWhileAStreamIsOpen) {
  options.workers = 1;
  options.limits.max_event_streams = 5;
  start();
  std::deque<RawClient> clients;
  for (std::size_t count = 0; count < 5; ++count) {
    clients.emplace_back(server->port());
    ASSERT_TRUE(clients.back().send(get("/events")));
    EXPECT_TRUE(stream(count).is_open());
  }
  EXPECT_EQ(connect().ask(get("/ok")).body, "ok");
  EXPECT_EQ(server->metrics().event_streams_open, 5U);
  const RawClient::Answer refused = connect().ask(get("/events"));
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("Retry-After"), "5");
  clients.front().leave();
  EXPECT_TRUE(
      wait_for_metrics([](const Metrics& metrics) { return metrics.event_streams_open == 4; }));
  EXPECT_FALSE(stream(0).is_open());
  EXPECT_TRUE(stream(0).stop_token().stop_requested());
}

TEST_F(EventsTest, CutsAClientThatIsTooSlow) {
  options.limits.max_event_queue_bytes = 100'000;
  start();
  RawClient slow = connect();
  ASSERT_TRUE(slow.send(get("/events")));
  EventStream events = stream(0);
  const std::string data(10'000, 'x');
  int sent = 0;
  while (events.send(std::to_string(sent), "", data)) {
    ASSERT_LT(++sent, 100'000) << "a client that reads nothing was never cut";
  }
  EXPECT_FALSE(events.is_open());
  EXPECT_TRUE(
      wait_for_metrics([](const Metrics& metrics) { return metrics.event_streams_cut == 1; }));
  EXPECT_TRUE(
      wait_for_metrics([](const Metrics& metrics) { return metrics.event_streams_open == 0; }));
}

TEST_F(EventsTest, KeepsAQuietStreamAlive) {
  options.limits.event_heartbeat = milliseconds(50);
  start();
  RawClient client = connect();
  ASSERT_TRUE(client.send(get("/events")));
  EXPECT_TRUE(client.receive_until("\r\n\r\n: \n\n: \n\n"));
}

TEST_F(EventsTest, StopsGracefully) {
  Flag entered;
  Flag leave;
  (void)router.add(Method::kGet, "/slow", [&](Exchange& exchange) {
    entered.raise();
    EXPECT_TRUE(leave.wait());
    exchange.respond(Response::text("done"));
  });
  start();
  RawClient idle = connect();
  EXPECT_EQ(idle.ask(get("/ok")).body, "ok");
  RawClient listening = connect();
  ASSERT_TRUE(listening.send(get("/events")));
  EventStream events = stream(0);
  RawClient running = connect();
  ASSERT_TRUE(running.send(get("/slow")));
  ASSERT_TRUE(entered.wait());
  std::thread stopping([&] { server->stop(std::chrono::seconds(20)); });
  EXPECT_EQ(idle.receive_all(), "");
  (void)listening.receive_all();
  EXPECT_FALSE(events.is_open());
  EXPECT_FALSE(events.send("1", "", "late"));
  leave.raise();
  const RawClient::Answer answer = running.next();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "done");
  stopping.join();
  EXPECT_FALSE(connect().is_connected());
}

TEST_F(EventsTest, CancelsWhatOutlastsTheGrace) {
  Flag entered;
  std::atomic<bool> was_cancelled{false};
  (void)router.add(Method::kGet, "/wait", [&](Exchange& exchange) {
    Flag stopped;
    const std::stop_callback on_stop(exchange.stop_token(), [&] { stopped.raise(); });
    entered.raise();
    was_cancelled = stopped.wait();
  });
  start();
  RawClient client = connect();
  ASSERT_TRUE(client.send(get("/wait")));
  ASSERT_TRUE(entered.wait());
  server->stop(milliseconds(50));
  EXPECT_TRUE(was_cancelled);
  const RawClient::Answer answer = client.next();
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr("the server is stopping"));
}

}  // namespace
}  // namespace spoor::http
