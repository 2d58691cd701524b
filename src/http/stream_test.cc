// Answers and bodies that are streams: memory, cancelling, compression, events, stopping.
#include <gmock/gmock.h>

#include <thread>

#include "http/coding.h"
#include "http/http_fixture.h"

namespace spoor::http {
namespace {

using std::chrono::milliseconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

ClientRequest request_for(std::string url) {
  ClientRequest request;
  request.url = std::move(url);
  return request;
}

class StreamTest : public ServerTest {};

TEST_F(StreamTest, StreamsAnAnswerFarLargerThanItsMemory) {
  constexpr std::size_t kPieces = 200;
  const std::string piece(1024 * 1024, 'x');
  (void)router.add(Method::kGet, "/large", [&](Exchange& exchange) {
    exchange.begin(200, {}, "application/octet-stream");
    for (std::size_t count = 0; count < kPieces; ++count) {
      if (!exchange.write(piece)) {
        return;
      }
    }
    (void)exchange.finish();
  });
  start();
  const std::uint64_t before = peak_memory();
  std::uint64_t received = 0;
  ClientRequest request = request_for(url("/large"));
  request.sink = [&](std::string_view bytes) -> Result<void> {
    received += bytes.size();
    return {};
  };
  const Result<ClientResponse> answer = Client().send(request);
  ASSERT_TRUE(answer) << answer.error().to_string();
  EXPECT_EQ(received, kPieces * piece.size());
  if (kIsSanitized) {
    GTEST_SKIP() << kNoMeasure;
  }
  EXPECT_LT(peak_memory() - before, std::uint64_t{48} << 20);
}

TEST_F(StreamTest, BlocksAWriterWhoseClientDoesNotRead) {
  Flag left;
  std::atomic<std::size_t> written{0};
  (void)router.add(Method::kGet, "/endless", [&](Exchange& exchange) {
    exchange.begin(200, {}, "application/octet-stream");
    const std::string piece(64 * 1024, 'x');
    while (true) {
      const Result<void> taken = exchange.write(piece);
      if (!taken) {
        EXPECT_EQ(taken.error().code, ErrorCode::kCancelled);
        EXPECT_EQ(taken.error().message, "the client is gone");
        EXPECT_TRUE(exchange.is_cancelled());
        left.raise();
        return;
      }
      written += piece.size();
    }
  });
  start();
  RawClient client = connect();
  ASSERT_TRUE(client.send(get("/endless")));
  ASSERT_TRUE(client.receive_until("\r\n\r\n"));
  std::size_t before = 0;
  do {  // until the buffers between the two are full
    before = written;
    ::usleep(200'000);
  } while (written != before);
  EXPECT_LT(written, std::size_t{64} << 20);
  client.leave();
  EXPECT_TRUE(left.wait());
  EXPECT_TRUE(wait_for_done(1).at(0).is_cut);
}

TEST_F(StreamTest, CutsAClientThatTakesNothing) {
  Flag left;
  options.limits.write_timeout = milliseconds(300);
  (void)router.add(Method::kGet, "/endless", [&](Exchange& exchange) {
    exchange.begin(200, {}, "application/octet-stream");
    const std::string piece(64 * 1024, 'x');
    while (exchange.write(piece)) {
    }
    left.raise();
  });
  start();
  RawClient client = connect();
  ASSERT_TRUE(client.send(get("/endless")));
  EXPECT_TRUE(left.wait());
  EXPECT_EQ(server->metrics().connections_timed_out, 1U);
}

TEST_F(StreamTest, TellsAHandlerThatItsClientLeft) {
  Flag entered;
  Flag cancelled;
  (void)router.add(Method::kGet, "/wait", [&](Exchange& exchange) {
    Flag stopped;
    const std::stop_callback on_stop(exchange.stop_token(), [&] { stopped.raise(); });
    entered.raise();
    if (stopped.wait()) {
      cancelled.raise();
    }
  });
  start();
  RawClient client = connect();
  ASSERT_TRUE(client.send(get("/wait")));
  ASSERT_TRUE(entered.wait());
  client.leave();
  EXPECT_TRUE(cancelled.wait());
}

TEST_F(StreamTest, CancelsAHandlerWhoseTimeIsOver) {
  (void)router.add(Method::kGet, "/wait",
                   [&](Exchange& exchange) {
                     Flag stopped;
                     const std::stop_callback on_stop(exchange.stop_token(),
                                                      [&] { stopped.raise(); });
                     (void)stopped.wait();
                   },
                   {.seconds = 0.2});
  start();
  const RawClient::Answer answer = connect().ask(get("/wait"));
  EXPECT_EQ(answer.status, 504);
  EXPECT_THAT(answer.body, HasSubstr("took longer than it may"));
}

TEST_F(StreamTest, AnAnswerThatFailsHalfWayLooksCut) {
  (void)router.add(Method::kGet, "/half", [](Exchange& exchange) {
    exchange.begin(200, {}, "text/plain");
    (void)exchange.write("half");
  });
  start();
  const Result<ClientResponse> answer = Client().send(request_for(url("/half")));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kIo);
  EXPECT_TRUE(wait_for_done(1).at(0).is_cut);
}

TEST_F(StreamTest, CompressesWhatTheClientAcceptsAndFlushes) {
  Flag seen;
  (void)router.add(Method::kGet, "/rows", [&](Exchange& exchange) {
    exchange.begin(200, {{"ETag", "\"v1\""}}, "application/x-ndjson");
    EXPECT_TRUE(exchange.write("{\"row\":1}\n"));
    EXPECT_TRUE(exchange.flush());
    EXPECT_TRUE(seen.wait()) << "the first row did not reach the client before the end";
    EXPECT_TRUE(exchange.write("{\"row\":2}\n"));
    EXPECT_TRUE(exchange.finish());
  });
  options.workers = 1;
  start();
  for (const std::string_view coding : {"gzip", "zstd"}) {
    std::string received;
    ClientRequest request = request_for(url("/rows"));
    request.headers = {{"Accept-Encoding", std::string(coding)}};
    std::string decoded;
    const auto kind = *parse_content_coding(coding);
    const auto decoder = Decoder::make(kind, {.max_decoded_bytes = 1000, .max_ratio = 200});
    request.sink = [&](std::string_view bytes) -> Result<void> {
      std::array<char, 100> buffer;
      while (!bytes.empty()) {
        const std::size_t size = TRY(decoder->decode(bytes, false, buffer));
        decoded.append(buffer.data(), size);
      }
      if (decoded.starts_with("{\"row\":1}\n")) {
        seen.raise();
      }
      return {};
    };
    const Result<ClientResponse> answer = Client().send(request);
    ASSERT_TRUE(answer) << answer.error().to_string();
    EXPECT_EQ(answer->header("Content-Encoding"), coding);
    EXPECT_EQ(answer->header("Vary"), "Accept-Encoding");
    EXPECT_EQ(answer->header("ETag"), "W/\"v1\"");
    EXPECT_EQ(decoded, "{\"row\":1}\n{\"row\":2}\n");
  }
}

TEST_F(StreamTest, CompressesAWholeAnswerOnlyWhereItPays) {
  (void)router.add(Method::kGet, "/{kind}", [](Exchange& exchange) {
    const std::string_view kind = exchange.param("kind");
    Response response = Response::text(std::string(kind == "short" ? 100 : 5000, 'x'));
    response.content_type = kind == "image" ? "image/png" : "text/plain";
    exchange.respond(std::move(response));
  });
  start();
  RawClient client = connect();
  const auto coding = [&](std::string_view path, const std::string& accept) {
    return client.ask(get(path, "Accept-Encoding: " + accept + "\r\n")).header("Content-Encoding");
  };
  EXPECT_EQ(coding("/long", "gzip"), "gzip");
  EXPECT_EQ(coding("/long", "gzip, zstd"), "zstd");
  EXPECT_EQ(coding("/long", "gzip;q=1.0, zstd;q=0.5"), "gzip");
  EXPECT_EQ(coding("/long", "gzip;q=0, zstd;q=0"), "");
  EXPECT_EQ(coding("/long", "br"), "");
  EXPECT_EQ(coding("/short", "gzip"), "");
  EXPECT_EQ(coding("/image", "gzip"), "");
  ClientRequest request = request_for(url("/long"));
  EXPECT_EQ(Client().send(request)->body, std::string(5000, 'x'));
}

TEST_F(StreamTest, ReadsAStreamedBodyThatIsLargerThanItsMemory) {
  std::atomic<std::uint64_t> read{0};
  (void)router.add(Method::kPut, "/upload",
                   [&](Exchange& exchange) {
                     std::string buffer(128 * 1024, '\0');
                     while (true) {
                       const Result<std::size_t> size = exchange.read_body(buffer);
                       ASSERT_TRUE(size) << size.error().to_string();
                       if (*size == 0) {
                         break;
                       }
                       read += *size;
                     }
                     exchange.respond(Response::text(std::to_string(read)));
                   },
                   {.max_body_bytes = std::uint64_t{1} << 30, .streams_body = true});
  start();
  const std::string piece(1024 * 1024, 'x');
  const std::uint64_t before = peak_memory();
  std::uint64_t left = 100 * piece.size();
  ClientRequest request = request_for(url("/upload"));
  request.method = "PUT";
  request.body_source = [&](std::span<char> buffer) -> Result<std::size_t> {
    const std::size_t size = std::min<std::uint64_t>(buffer.size(), left);
    std::fill_n(buffer.data(), size, 'x');
    left -= size;
    return size;
  };
  const Result<ClientResponse> answer = Client().send(request);
  ASSERT_TRUE(answer) << answer.error().to_string();
  EXPECT_EQ(answer->body, std::to_string(100 * piece.size()));
  EXPECT_EQ(wait_for_done(1).at(0).bytes_in, 100 * piece.size());
  if (kIsSanitized) {
    GTEST_SKIP() << kNoMeasure;
  }
  EXPECT_LT(peak_memory() - before, std::uint64_t{32} << 20);
}

TEST_F(StreamTest, DecodesAStreamedBodyAndBoundsIt) {
  std::string problem;
  (void)router.add(Method::kPost, "/upload",
                   [&](Exchange& exchange) {
                     std::string body;
                     std::array<char, 1000> buffer;
                     while (true) {
                       const Result<std::size_t> size = exchange.read_body(buffer);
                       if (!size) {
                         exchange.respond_error(413, "too_large", size.error().message);
                         return;
                       }
                       if (*size == 0) {
                         exchange.respond(Response::text(std::to_string(body.size())));
                         return;
                       }
                       body.append(buffer.data(), *size);
                     }
                   },
                   {.max_body_bytes = 50'000, .streams_body = true});
  start();
  for (const std::size_t size : {std::size_t{40'000}, std::size_t{60'000}}) {
    const auto encoder = Encoder::make(Coding::kZstd);
    std::string body;
    encoder->encode(std::string(size, 'x'), body);
    encoder->finish(body);
    const RawClient::Answer answer = connect().ask(
        "POST /upload HTTP/1.1\r\nHost: test\r\nContent-Encoding: zstd\r\n"
        "Content-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_EQ(answer.status, size == 40'000 ? 200 : 413) << answer.body;
  }
}

TEST_F(StreamTest, LetsAHandlerRefuseABodyUnread) {
  (void)router.add(Method::kPost, "/upload",
                   [](Exchange& exchange) { exchange.respond_error(403, "forbidden", "not you"); },
                   {.max_body_bytes = std::uint64_t{1} << 40, .streams_body = true});
  start();
  RawClient polite = connect();
  ASSERT_TRUE(
      polite.send("POST /upload HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000000\r\n"
                  "Expect: 100-continue\r\n\r\n"));
  EXPECT_THAT(polite.receive_all(), StartsWith("HTTP/1.1 403"));
  RawClient eager = connect();
  ASSERT_TRUE(
      eager.send("POST /upload HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000000\r\n\r\n" +
                 std::string(300'000, 'x')));
  EXPECT_THAT(eager.receive_all(), StartsWith("HTTP/1.1 403"));
}

}  // namespace
}  // namespace spoor::http
