// Targets, queries, cookies, codings of a header, patterns of routes: no sockets.
#include "http/message.h"

#include <gmock/gmock.h>

#include "http/answer.h"
#include "http/coding.h"
#include "http/router.h"

namespace spoor::http {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

std::string refusal(std::string_view target) {
  const Result<Target> parsed = parse_target(target);
  return parsed ? "taken as " + parsed->path : parsed.error().message;
}

TEST(Target, IsDecodedOnce) {
  const Result<Target> target =
      parse_target("/api/d%C3%A9vice/a%20b%2525?name=%26+x&&flag&name=second&empty=");
  ASSERT_TRUE(target) << target.error().to_string();
  EXPECT_EQ(target->path, "/api/d\u00e9vice/a b%25");
  EXPECT_THAT(target->query, ElementsAre(Pair("name", "& x"), Pair("flag", ""),
                                         Pair("name", "second"), Pair("empty", "")));
  EXPECT_EQ(parse_target("/")->path, "/");
  EXPECT_EQ(parse_target("/a/")->path, "/a/");
  EXPECT_EQ(parse_target("https://host")->path, "/");
  EXPECT_EQ(parse_target("HTTP://host:1/a?b")->path, "/a");
}

TEST(Target, SaysWhyItIsRefused) {
  EXPECT_EQ(refusal("a/b"), "the path does not start with a slash");
  EXPECT_EQ(refusal("*"), "the path does not start with a slash");
  EXPECT_EQ(refusal("//a"), "the path has an empty segment");
  EXPECT_EQ(refusal("/a//b"), "the path has an empty segment");
  EXPECT_EQ(refusal("/a/../b"), "the path has a dot segment");
  EXPECT_EQ(refusal("/a/%2E%2e/b"), "the path has a dot segment");
  EXPECT_EQ(refusal("/a/."), "the path has a dot segment");
  EXPECT_EQ(refusal("/a%2fb"), "a segment of the path holds a slash");
  EXPECT_EQ(refusal("/a\\b"), "a segment of the path holds a slash");
  EXPECT_EQ(refusal("/a%00b"), "the path is not text");
  EXPECT_EQ(refusal("/%c0%ae"), "the path is not text");
  EXPECT_EQ(refusal("/a%2"), "the path has a percent sign without two hex digits");
  EXPECT_EQ(refusal("/a%+1"), "the path has a percent sign without two hex digits");
  EXPECT_EQ(refusal("/a?b=%x1"), "the query has a percent sign without two hex digits");
  EXPECT_EQ(refusal("/a?b=%00"), "the query is not text");
  EXPECT_EQ(refusal("/a#b"), "the target has a fragment");
  std::string many = "/?";
  for (int count = 0; count < 1001; ++count) {
    many += "a&";
  }
  EXPECT_EQ(refusal(many), "the query has more than 1000 parameters");
}

TEST(Target, PercentEncodingComesBack) {
  const std::string text = "a/b ?&=%+\u00e9\n";
  EXPECT_EQ(percent_encode("a b/\u00e9"), "a%20b%2F%C3%A9");
  EXPECT_THAT(*parse_query("x=" + percent_encode(text)), ElementsAre(Pair("x", text)));
}

TEST(Cookies, AreFoundByTheirWholeName) {
  EXPECT_EQ(find_cookie("a=1; session=abc=; b=\"q\"", "session"), "abc=");
  EXPECT_EQ(find_cookie("a=1; b=\"q\"", "b"), "q");
  EXPECT_EQ(find_cookie("xsession=1; Session=2", "session"), std::nullopt);
  EXPECT_EQ(find_cookie("", "session"), std::nullopt);
  EXPECT_EQ(find_cookie(";;=;session", "session"), std::nullopt);
}

TEST(Cookies, ThatDisagreeAreNone) {
  EXPECT_EQ(find_cookie("s=1; s=2", "s"), std::nullopt);
  EXPECT_EQ(find_cookie("s=1; s=1", "s"), "1");
  Request request;
  request.headers = {{"cookie", "s=1"}, {"Cookie", "s=2"}};
  EXPECT_EQ(request.cookie("s"), std::nullopt);
  request.headers.pop_back();
  EXPECT_EQ(request.cookie("s"), "1");
}

TEST(Cookies, AreSetAsASessionsSecretByDefault) {
  SetCookie cookie{.name = "session", .value = "abc"};
  EXPECT_EQ(cookie.to_header(), "session=abc; Path=/; SameSite=Strict; Secure; HttpOnly");
  cookie.max_age_seconds = 0;
  EXPECT_EQ(cookie.to_header(),
            "session=abc; Path=/; Max-Age=0; SameSite=Strict; Secure; HttpOnly");
}

TEST(Codings, FollowTheQualities) {
  EXPECT_EQ(choose_coding(""), Coding::kIdentity);
  EXPECT_EQ(choose_coding("gzip, deflate, br, zstd"), Coding::kZstd);
  EXPECT_EQ(choose_coding("zstd;q=0.2, gzip;q=0.8"), Coding::kGzip);
  EXPECT_EQ(choose_coding("*"), Coding::kZstd);
  EXPECT_EQ(choose_coding("*;q=0.5, zstd;q=0"), Coding::kGzip);
  EXPECT_EQ(choose_coding("identity, gzip;q=0"), Coding::kIdentity);
  EXPECT_EQ(choose_coding("gzip;q=nonsense"), Coding::kIdentity);
  EXPECT_EQ(choose_coding("gzip;q=0.0001"), Coding::kIdentity) << "too many digits";
}

TEST(Codings, JoinedStreamsAreOneBody) {
  for (const Coding coding : {Coding::kGzip, Coding::kZstd}) {
    std::string body;
    for (const std::string_view part : {"first ", "second"}) {
      const auto encoder = Encoder::make(coding);
      encoder->encode(part, body);
      encoder->finish(body);
    }
    const DecodeLimits limits{.max_decoded_bytes = 100, .max_ratio = 200};
    EXPECT_EQ(decode_whole(body, coding, limits).value(), "first second");
    // In pieces of one byte too.
    const auto decoder = Decoder::make(coding, limits);
    std::string out;
    std::array<char, 4> buffer;
    for (std::size_t at = 0; at < body.size(); ++at) {
      std::string_view byte = std::string_view(body).substr(at, 1);
      std::size_t size = 0;
      do {
        size = decoder->decode(byte, at + 1 == body.size(), buffer).value();
        out.append(buffer.data(), size);
      } while (size > 0);
    }
    EXPECT_EQ(out, "first second");
  }
}

TEST(Dates, AreThoseOfTheProtocol) {
  EXPECT_EQ(http_date(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(Routes, PreferTextToParameters) {
  Router router;
  const auto add = [&](std::string_view pattern) {
    EXPECT_TRUE(router.add(Method::kGet, pattern, [](Exchange&) {}));
  };
  add("/api/devices");
  add("/api/devices/{device}");
  add("/api/devices/count");
  add("/api/devices/{device}/timeline");
  add("/api/{kind}/count/all");
  add("/files/{rest...}");
  add("/");
  const auto found = [&](std::string_view path) {
    const RouteLookup lookup = router.find(Method::kGet, path);
    std::string text = lookup.match.options != nullptr ? lookup.match.options->name : "none";
    for (const auto& [name, value] : lookup.match.params) {
      text += " " + name + "=" + value;
    }
    return text;
  };
  EXPECT_EQ(found("/api/devices"), "GET /api/devices");
  EXPECT_EQ(found("/api/devices/count"), "GET /api/devices/count");
  EXPECT_EQ(found("/api/devices/abc"), "GET /api/devices/{device} device=abc");
  EXPECT_EQ(found("/api/devices/count/timeline"),
            "GET /api/devices/{device}/timeline device=count");
  EXPECT_EQ(found("/api/devices/count/all"), "GET /api/{kind}/count/all kind=devices");
  EXPECT_EQ(found("/files/a/b/c"), "GET /files/{rest...} rest=a/b/c");
  EXPECT_EQ(found("/"), "GET /");
  for (const std::string_view path : {"", "x", "/api", "/api/", "/api/devices/", "/files",
                                      "/files/", "/api/devices/a/b", "//", "/api//x"}) {
    EXPECT_EQ(found(path), "none") << path;
  }
}

TEST(Routes, SayWhyTheyAreRefused) {
  Router router;
  const Handler none = [](Exchange&) {};
  const auto why = [&](std::string_view pattern, RouteOptions options = {}) {
    const Result<void> added = router.add(Method::kGet, pattern, none, std::move(options));
    return added ? "added" : added.error().message;
  };
  EXPECT_EQ(why("/a/{b}"), "added");
  EXPECT_EQ(why("/a/{other}"), "the method has a route with this pattern");
  EXPECT_EQ(why("/a/{b"), "a parameter is {name}, a last one {name...}");
  EXPECT_EQ(why("/a/{}"), "a parameter is {name}, a last one {name...}");
  EXPECT_EQ(why("/a/{b...}/c"), "a parameter is {name}, a last one {name...}");
  EXPECT_EQ(why("/{a}/{a}"), "a parameter stands there twice");
  EXPECT_EQ(why("/a{b}"), "a segment is text or one parameter");
  EXPECT_EQ(why("/a//b"), "a segment is text or one parameter");
  EXPECT_EQ(why("/s", {.streams_body = true}), "a route that streams its body must bound it");
  EXPECT_EQ(router.add(Method::kHead, "/x", none).error().message,
            "a route cannot have this method");
  EXPECT_EQ(router.check().error().message, "the method has a route with this pattern");
}

}  // namespace
}  // namespace spoor::http
