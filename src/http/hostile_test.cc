// Clients that want the worst: smuggling, bombs, floods, slowness. Over real sockets.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <deque>

#include "http/coding.h"
#include "http/http_fixture.h"

namespace spoor::http {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

std::string packed(Coding coding, std::size_t size) {
  const std::unique_ptr<Encoder> encoder = Encoder::make(coding);
  const std::string piece(1024 * 1024, 'x');
  std::string out;
  for (std::size_t left = size; left > 0; left -= std::min(left, piece.size())) {
    encoder->encode(std::string_view(piece).substr(0, std::min(left, piece.size())), out);
  }
  encoder->finish(out);
  return out;
}

std::string post(std::string_view body, std::string_view more = "") {
  return "POST /echo HTTP/1.1\r\nHost: test\r\n" + std::string(more) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

class HostileTest : public ServerTest {
 protected:
  HostileTest() {
    (void)router.add(Method::kPost, "/echo", [](Exchange& exchange) {
      exchange.respond(Response::text(std::to_string(exchange.request().body.size())));
    });
    (void)router.add(Method::kGet, "/ok",
                     [](Exchange& exchange) { exchange.respond(Response::text("ok")); });
  }
  /// The status of the only answer; the connection must end after it.
  int only_answer(std::string_view request) const {
    RawClient client = connect();
    (void)client.send(request);
    const std::string all = client.receive_all();
    EXPECT_EQ(all.find("\r\nDate: "), all.rfind("\r\nDate: ")) << all;
    return all.size() > 12 ? std::atoi(all.substr(9, 3).c_str()) : 0;
  }
};

TEST_F(HostileTest, RefusesWhateverTwoReadersCouldReadAsTwoRequests) {
  start();
  const std::string start_line = "POST /echo HTTP/1.1\r\nHost: test\r\n";
  const std::string smuggled = "\r\n0\r\n\r\n" + get("/ok");
  struct Attempt {
    std::string headers;
    int status;
  };
  for (const Attempt& attempt : std::initializer_list<Attempt>{
           {"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", 400},
           {"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n", 400},
           {"Content-Length: 6\r\nContent-Length: 7\r\n", 400},
           {"Content-Length: 6\r\nContent-Length: 6\r\n", 400},
           {"Content-Length: 6, 6\r\n", 400},
           {"Content-Length: +6\r\n", 400},
           {"Content-Length: 0x6\r\n", 400},
           {"Content-Length: -1\r\n", 400},
           {"Content-Length: 99999999999999999999\r\n", 400},
           {"Content-Length:\r\n", 400},
           {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400},
           {"Transfer-Encoding: xchunked\r\n", 501},
           {"Transfer-Encoding: chunked, identity\r\n", 501},
           {"Transfer-Encoding: gzip, chunked\r\n", 501},
           {"Transfer-Encoding: \vchunked\r\n", 400},
           {"Transfer-Encoding : chunked\r\n", 400},
           {"Host: other\r\n", 400},
           {"X-Folded: a\r\n b\r\n", 400},
           {"X-Folded: a\r\n\tTransfer-Encoding: chunked\r\n", 400},
           {"X-Bare: a\nContent-Length: 6\r\n", 400},
           {"X-Nul: a" + std::string(1, '\0') + "b\r\n", 400},
           {": nameless\r\n", 400},
           {"No colon\r\n", 400}}) {
    EXPECT_EQ(only_answer(start_line + attempt.headers + smuggled), attempt.status)
        << attempt.headers;
  }
}

TEST_F(HostileTest, RefusesRequestLinesAndHostsThatAreNone) {
  start();
  EXPECT_EQ(only_answer("GET /ok HTTP/1.1\r\n\r\n"), 400) << "no Host";
  EXPECT_EQ(only_answer("GET /ok HTTP/1.1\r\nHost: a b\r\n\r\n"), 400);
  EXPECT_EQ(only_answer("GET /ok HTTP/1.1\r\nHost: a/../b\r\n\r\n"), 400);
  EXPECT_EQ(only_answer("GET /ok HTTP/2.0\r\nHost: test\r\n\r\n"), 505);
  EXPECT_EQ(only_answer("GET  /ok HTTP/1.1\r\nHost: test\r\n\r\n"), 400);
  EXPECT_EQ(only_answer("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 TLS\r\n\r\n"), 400);
  EXPECT_EQ(only_answer("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
}

TEST_F(HostileTest, RefusesChunksThatAreNone) {
  start();
  const std::string head =
      "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(only_answer(head + "zz\r\nhello\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(only_answer(head + "fffffffffffffffff\r\n"), 400);
  EXPECT_EQ(only_answer(head + "5\r\nhello!\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(only_answer(head + "-5\r\nhello\r\n0\r\n\r\n"), 400);
}

TEST_F(HostileTest, RefusesWhatIsTooLargeByHeader) {
  options.limits.max_header_count = 20;
  start();
  EXPECT_EQ(only_answer(get("/ok", "X: " + std::string(40'000, 'x') + "\r\n")), 431);
  std::string many;
  for (int count = 0; count < 30; ++count) {
    many += "X: y\r\n";
  }
  EXPECT_EQ(only_answer(get("/ok", many)), 431);
  EXPECT_EQ(only_answer(get("/" + std::string(10'000, 'x'))), 414);
}

TEST_F(HostileTest, RefusesEndlessHeadersThatComeInPieces) {
  options.limits.max_header_count = 1'000'000;
  start();
  RawClient client = connect();
  ASSERT_TRUE(client.send("GET /ok HTTP/1.1\r\nHost: test\r\n"));
  const std::string piece = "X: " + std::string(996, 'x') + "\r\n";
  for (int sent = 0; sent < 200 && client.send(piece); ++sent) {
    ::usleep(100);
  }
  EXPECT_THAT(client.receive_all(), HasSubstr("HTTP/1.1 431"));
}

TEST_F(HostileTest, RefusesABodyOverTheLimitHoweverItComes) {
  options.limits.max_body_bytes = 1000;
  start();
  EXPECT_EQ(only_answer("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 1001\r\n\r\n"), 413);
  EXPECT_EQ(only_answer("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "7d0\r\n" +
                        std::string(2000, 'x') + "\r\n0\r\n\r\n"),
            413);
  EXPECT_EQ(connect().ask(post(std::string(1000, 'x'))).body, "1000");
}

TEST_F(HostileTest, RefusesADecompressionBombInBoundedMemory) {
  options.limits.max_body_bytes = 8 * 1024 * 1024;
  start();
  for (const Coding coding : {Coding::kGzip, Coding::kZstd}) {
    const std::string bomb = packed(coding, std::size_t{128} << 20);
    const std::string more = "Content-Encoding: " + std::string(coding_name(coding)) + "\r\n";
    const std::uint64_t before = peak_memory();
    RawClient client = connect();
    const RawClient::Answer answer = client.ask(post(bomb, more));
    EXPECT_EQ(answer.status, 413) << coding_name(coding);
    EXPECT_TRUE(kIsSanitized || peak_memory() - before < std::uint64_t{48} << 20);
  }
  if (kIsSanitized) {
    GTEST_SKIP() << kNoMeasure;
  }
}

TEST_F(HostileTest, RefusesARatioThatNoHonestBodyHas) {
  options.limits.max_body_bytes = 64 * 1024 * 1024;
  start();
  const RawClient::Answer answer =
      connect().ask(post(packed(Coding::kZstd, 32 << 20), "Content-Encoding: zstd\r\n"));
  EXPECT_EQ(answer.status, 413);
  EXPECT_THAT(answer.body, HasSubstr("more than 200 times its size"));
}

TEST_F(HostileTest, RefusesBodiesThatDoNotDecode) {
  start();
  const std::string gzip = packed(Coding::kGzip, 5000);
  const std::string zstd = packed(Coding::kZstd, 5000);
  EXPECT_EQ(connect().ask(post(gzip, "Content-Encoding: gzip\r\n")).body, "5000");
  EXPECT_EQ(connect().ask(post(zstd, "Content-Encoding: zstd\r\n")).body, "5000");
  EXPECT_EQ(connect().ask(post("not gzip", "Content-Encoding: gzip\r\n")).status, 400);
  EXPECT_EQ(connect().ask(post("not zstd", "Content-Encoding: zstd\r\n")).status, 400);
  const std::string half = gzip.substr(0, gzip.size() / 2);
  EXPECT_THAT(connect().ask(post(half, "Content-Encoding: gzip\r\n")).body,
              HasSubstr("the compressed body ends in the middle"));
  EXPECT_EQ(connect().ask(post(gzip, "Content-Encoding: gzip, zstd\r\n")).status, 415);
  EXPECT_EQ(connect().ask(post(gzip, "Content-Encoding: br\r\n")).status, 415);
}

TEST_F(HostileTest, CutsAClientThatNeverEndsItsHeader) {
  options.limits.header_timeout = milliseconds(200);
  start();
  RawClient client = connect();
  ASSERT_TRUE(client.send("GET /ok HTTP/1.1\r\nHost: te"));
  EXPECT_EQ(client.receive_all(), "");
  RawClient silent = connect();
  EXPECT_EQ(silent.receive_all(), "");
  EXPECT_TRUE(
      wait_for_metrics([](const Metrics& metrics) { return metrics.connections_timed_out == 2; }));
}

TEST_F(HostileTest, ClosesAConnectionThatIsIdle) {
  options.limits.idle_timeout = milliseconds(200);
  start();
  RawClient client = connect();
  EXPECT_EQ(client.ask(get("/ok")).body, "ok");
  EXPECT_EQ(client.receive_all(), "");
}

TEST_F(HostileTest, ClosesAfterTheMostRequestsOfAConnection) {
  options.limits.max_requests_per_connection = 2;
  start();
  RawClient client = connect();
  ASSERT_TRUE(client.send(get("/ok") + get("/ok") + get("/ok")));
  (void)client.next();
  (void)client.next();
  EXPECT_EQ(client.receive_all(), "");
}

TEST_F(HostileTest, AnswersBesideAThousandIdleConnections) {
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  files.rlim_cur = files.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  options.limits.max_connections_per_address = 2000;
  options.limits.header_timeout = std::chrono::seconds(100);
  start();
  std::deque<RawClient> idle;
  for (int count = 0; count < 1000; ++count) {
    idle.emplace_back(server->port());
    ASSERT_TRUE(idle.back().is_connected()) << count;
  }
  EXPECT_TRUE(wait_for_metrics([](const Metrics& metrics) {
    return metrics.connections_open == 1000;
  })) << write_prometheus(server->metrics());
  EXPECT_EQ(connect().ask(get("/ok")).body, "ok");
  EXPECT_EQ(idle.back().ask(get("/ok")).body, "ok");
}

TEST_F(HostileTest, BoundsConnectionsOfOneAddressAndOfAll) {
  options.limits.max_connections_per_address = 3;
  options.limits.max_connections = 5;
  start();
  std::deque<RawClient> open;
  for (int count = 0; count < 3; ++count) {
    open.emplace_back(server->port());
    EXPECT_EQ(open.back().ask(get("/ok")).body, "ok");
  }
  EXPECT_EQ(connect().receive_all(), "") << "a fourth from this address";
  constexpr std::uint32_t kOther = INADDR_LOOPBACK + 1;
  for (int count = 0; count < 2; ++count) {
    open.emplace_back(server->port(), kOther);
    EXPECT_EQ(open.back().ask(get("/ok")).body, "ok");
  }
  RawClient sixth(server->port(), kOther + 1);
  EXPECT_EQ(sixth.receive_all(), "");
  EXPECT_EQ(server->metrics().connections_refused, 2U);
  open.pop_front();
  ASSERT_TRUE(
      wait_for_metrics([](const Metrics& metrics) { return metrics.connections_open == 4; }));
  EXPECT_EQ(connect().ask(get("/ok")).body, "ok");
}

TEST_F(HostileTest, SaysBusyWhenTheQueueIsFull) {
  Flag entered;
  Flag leave;
  (void)router.add(Method::kGet, "/slow", [&](Exchange& exchange) {
    entered.raise();
    (void)leave.wait();
    exchange.respond(Response::text("late"));
  });
  options.workers = 1;
  options.limits.max_queued_requests = 1;
  start();
  RawClient running = connect();
  ASSERT_TRUE(running.send(get("/slow")));
  ASSERT_TRUE(entered.wait());
  RawClient queued = connect();
  ASSERT_TRUE(queued.send(get("/ok")));
  ASSERT_TRUE(
      wait_for_metrics([](const Metrics& metrics) { return metrics.requests_queued == 1; }));
  RawClient refused = connect();
  const RawClient::Answer busy = refused.ask(get("/ok"));
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.header("Retry-After"), "1");
  leave.raise();
  EXPECT_EQ(running.next().body, "late");
  EXPECT_EQ(queued.next().body, "ok");
  EXPECT_EQ(refused.ask(get("/ok")).body, "ok") << "the refused connection lives";
  EXPECT_EQ(server->metrics().requests_refused_busy, 1U);
}

TEST_F(HostileTest, BoundsTheBodiesThatItHolds) {
  options.limits.max_buffered_body_bytes = 1500;
  start();
  const auto is_free = [](const Metrics& metrics) { return metrics.connections_open == 0; };
  EXPECT_EQ(only_answer(post(std::string(2000, 'x'))), 503);
  EXPECT_TRUE(wait_for_metrics(is_free));
  EXPECT_EQ(connect().ask(post(std::string(1000, 'x'))).body, "1000");
  EXPECT_TRUE(wait_for_metrics(is_free));
  EXPECT_EQ(connect().ask(post(std::string(1000, 'x'))).body, "1000") << "given back";
}

}  // namespace
}  // namespace spoor::http
