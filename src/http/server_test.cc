// Requests and answers over real sockets: routing, keep-alive, HEAD, errors, headers, the log.
#include "http/server.h"

#include <gmock/gmock.h>

#include <thread>

#include "http/http_fixture.h"

namespace spoor::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class AnswerTest : public ServerTest {
 protected:
  AnswerTest() {
    (void)router.add(Method::kGet, "/api/devices/{device}",
                     [](Exchange& exchange) {
                       exchange.respond(Response::json(
                           "{\"device\":\"" + std::string(exchange.param("device")) + "\"}"));
                     },
                     {.name = "device"});
    (void)router.add(Method::kPost, "/api/echo", [](Exchange& exchange) {
      exchange.respond(Response::text(exchange.request().body));
    });
    (void)router.add(Method::kGet, "/api/throws",
                     [](Exchange&) { throw std::runtime_error("inner words"); });
    (void)router.add(Method::kGet, "/api/silent", [](Exchange&) {});
    (void)router.add(Method::kGet, "/api/split", [](Exchange& exchange) {
      exchange.respond(Response::text("x").set("X-Made", "a\r\nX-Injected: b"));
    });
  }
};

TEST_F(AnswerTest, AnswersOnOneConnectionAgainAndAgain) {
  start();
  RawClient client = connect();
  for (int count = 0; count < 3; ++count) {
    const RawClient::Answer answer = client.ask(get("/api/devices/abc"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "{\"device\":\"abc\"}");
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_EQ(answer.header("Connection"), "");
  }
  EXPECT_EQ(server->metrics().connections_total, 1U);
}

TEST_F(AnswerTest, ServesPipelinedRequestsInTheirOrder) {
  start();
  RawClient client = connect();
  ASSERT_TRUE(client.send(get("/api/devices/one") + get("/api/devices/two") + "\r\n" +
                          get("/api/devices/three", "Connection: close\r\n")));
  EXPECT_EQ(client.next().body, "{\"device\":\"one\"}");
  EXPECT_EQ(client.next().body, "{\"device\":\"two\"}");
  const RawClient::Answer last = client.next();
  EXPECT_EQ(last.body, "{\"device\":\"three\"}");
  EXPECT_EQ(last.header("Connection"), "close");
  EXPECT_EQ(client.receive_all(), "");
}

TEST_F(AnswerTest, AnswersHeadAsGetWithoutTheBody) {
  start();
  RawClient client = connect();
  const RawClient::Answer head =
      client.ask("HEAD /api/devices/abc HTTP/1.1\r\nHost: test\r\n\r\n", false);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), "16");
  EXPECT_EQ(client.ask(get("/api/devices/x")).body, "{\"device\":\"x\"}");
}

TEST_F(AnswerTest, NamesTheMethodsOfAPath) {
  start();
  RawClient client = connect();
  const RawClient::Answer wrong =
      client.ask("DELETE /api/devices/abc HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_THAT(wrong.body, HasSubstr("\"code\":\"method_not_allowed\""));
  EXPECT_EQ(client.ask("BREW /api/echo HTTP/1.1\r\nHost: test\r\n\r\n").status, 405);
  const RawClient::Answer options =
      client.ask("OPTIONS /api/echo HTTP/1.1\r\nHost: test\r\n\r\n", false);
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.header("Allow"), "POST, OPTIONS");
  EXPECT_EQ(client.ask("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n", false).status, 204);
}

TEST_F(AnswerTest, AnswersAnUnknownPathWithTheIdOfTheRequest) {
  start();
  RawClient client = connect();
  const RawClient::Answer answer = client.ask(get("/nothing?token=secret"));
  EXPECT_EQ(answer.status, 404);
  const std::string id = answer.header("X-Request-Id");
  EXPECT_EQ(id.size(), 16U);
  EXPECT_EQ(answer.body,
            "{\"error\":{\"code\":\"not_found\",\"message\":\"there is nothing at this path\","
            "\"requestId\":\"" +
                id + "\"}}");
}

TEST_F(AnswerTest, SetsTheHeadersOfABrowsersSafetyOnEveryAnswer) {
  start();
  RawClient client = connect();
  for (const std::string_view target : {"/api/devices/abc", "/nothing", "/../x"}) {
    const RawClient::Answer answer = client.ask(get(target));
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff") << target;
    EXPECT_EQ(answer.header("X-Frame-Options"), "DENY");
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_THAT(answer.header("Content-Security-Policy"), HasSubstr("default-src 'none'"));
    EXPECT_EQ(answer.header("Strict-Transport-Security"), "") << "plain HTTP";
  }
}

TEST_F(AnswerTest, RefusesPathsThatAreNoneBeforeRouting) {
  start();
  for (const std::string_view target :
       {"/api/../etc/passwd", "/api//echo", "/api/%2e%2e/x", "/api/%2Fecho", "/api/%00", "/api/%zz",
        "/api/%5cx", "/a/./b", "/api/devices/%ff", "/x?a=%0", "/x#y"}) {
    RawClient client = connect();
    const RawClient::Answer answer = client.ask(get(target));
    EXPECT_EQ(answer.status, 400) << target;
    EXPECT_THAT(answer.body, HasSubstr("bad_request"));
  }
}

TEST_F(AnswerTest, AnswersForAHandlerThatFails) {
  start();
  RawClient client = connect();
  const RawClient::Answer thrown = client.ask(get("/api/throws"));
  EXPECT_EQ(thrown.status, 500);
  EXPECT_THAT(thrown.body, Not(HasSubstr("inner words")));
  EXPECT_EQ(client.ask(get("/api/silent")).status, 500);
  EXPECT_EQ(wait_for_done(1)[0].problem, "a handler threw: inner words");
}

TEST_F(AnswerTest, SendsNoHeaderThatHoldsALineEnd) {
  start();
  RawClient client = connect();
  const RawClient::Answer answer = client.ask(get("/api/split"));
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.header("X-Injected"), "");
}

TEST_F(AnswerTest, LogsTheRoutesNameAndNeverPathOrQuery) {
  start();
  RawClient client = connect();
  const RawClient::Answer answer = client.ask(get("/api/devices/secret1?token=secret2"));
  (void)client.ask("POST /api/echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello");
  const std::vector<RequestDone> done = wait_for_done(2);
  EXPECT_EQ(done[0].id, answer.header("X-Request-Id"));
  EXPECT_EQ(done[0].route, "device");
  EXPECT_EQ(done[0].method, "GET");
  EXPECT_EQ(done[0].status, 200);
  EXPECT_EQ(done[0].remote, "127.0.0.1");
  EXPECT_EQ(done[0].bytes_out, answer.head.size() + answer.body.size());
  EXPECT_EQ(done[1].route, "POST /api/echo");
  EXPECT_EQ(done[1].bytes_in, 5U);
  EXPECT_FALSE(done[1].is_cut);
}

TEST_F(AnswerTest, CountsByRouteAndClass) {
  start();
  RawClient client = connect();
  (void)client.ask(get("/api/devices/a"));
  (void)client.ask(get("/api/devices/b"));
  (void)client.ask(get("/nothing"));
  (void)wait_for_done(3);
  const std::string text = write_prometheus(server->metrics());
  EXPECT_THAT(text, HasSubstr("spoor_http_requests_total{route=\"device\",status=\"2xx\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("spoor_http_requests_total{route=\"-\",status=\"4xx\"} 1\n"));
  EXPECT_THAT(text,
              HasSubstr("spoor_http_request_seconds_bucket{route=\"device\",le=\"+Inf\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("spoor_http_connections_open 1\n"));
}

TEST_F(AnswerTest, SaysContinueBeforeABodyThatWaitsForIt) {
  start();
  RawClient client = connect();
  ASSERT_TRUE(
      client.send("POST /api/echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n"
                  "Expect: 100-continue\r\n\r\n"));
  ASSERT_TRUE(client.receive_until("HTTP/1.1 100 Continue\r\n\r\n"));
  client.received.clear();
  EXPECT_EQ(client.ask("hello").body, "hello");
  EXPECT_EQ(client
                .ask("POST /api/echo HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n"
                     "Expect: magic\r\n\r\n")
                .status,
            417);
}

TEST_F(AnswerTest, ServesOldClients) {
  start();
  RawClient client = connect();
  const RawClient::Answer kept =
      client.ask("GET /api/devices/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(kept.status, 200);
  ASSERT_TRUE(client.send("GET /api/devices/b HTTP/1.0\r\n\r\n"));
  EXPECT_THAT(client.receive_all(), HasSubstr("{\"device\":\"b\"}"));
}

TEST_F(AnswerTest, ReadsAChunkedBody) {
  start();
  RawClient client = connect();
  const RawClient::Answer answer = client.ask(
      "POST /api/echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5;note=x\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: dropped\r\n\r\n" +
      get("/api/devices/after"));
  EXPECT_EQ(answer.body, "hello world");
  EXPECT_EQ(client.next().body, "{\"device\":\"after\"}");
}

TEST_F(AnswerTest, TakesTheAbsoluteFormOfATarget) {
  start();
  RawClient client = connect();
  EXPECT_EQ(client.ask(get("http://elsewhere.example/api/devices/abc")).body,
            "{\"device\":\"abc\"}");
}

TEST_F(AnswerTest, RefusesToStartOnATakenPortOrAWrongRoute) {
  start();
  ServerOptions same = options;
  same.listen[0].port = server->port();
  Server second(same, Router());
  const Result<void> taken = second.start();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kConflict);
  EXPECT_EQ(taken.error().message, "another program listens on this address");

  Router wrong;
  EXPECT_FALSE(wrong.add(Method::kGet, "no/slash", [](Exchange&) {}));
  Server third(options, std::move(wrong));
  const Result<void> refused = third.start();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "a pattern starts with a slash");
}

TEST_F(ServerTest, GivesTheFallbackWhatNoRouteHas) {
  (void)router.add(Method::kGet, "/api/x",
                   [](Exchange& exchange) { exchange.respond(Response::text("api")); });
  router.set_fallback([](Exchange& exchange) {
    Response page = Response::text("page " + exchange.request().path);
    page.set("Cache-Control", "max-age=60");
    exchange.respond(std::move(page));
  });
  start();
  RawClient client = connect();
  EXPECT_EQ(client.ask(get("/api/x")).body, "api");
  const RawClient::Answer page = client.ask(get("/devices/abc"));
  EXPECT_EQ(page.body, "page /devices/abc");
  EXPECT_EQ(page.header("Cache-Control"), "max-age=60");
  EXPECT_EQ(client.ask("POST /devices/abc HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\n\r\n").status,
            404);
}

}  // namespace
}  // namespace spoor::http
