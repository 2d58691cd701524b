#include "http/forwarded.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "http/http_fixture.h"

namespace spoor::http {
namespace {

AddressSet set(const std::vector<std::string>& texts) {
  auto made = AddressSet::parse(texts);
  EXPECT_TRUE(made) << (made ? "" : made.error().to_string());
  return made.value_or(AddressSet());
}

std::string client(const AddressSet& trusted, const std::string& peer,
                   const std::vector<std::string>& forwarded) {
  Headers headers = {{"Host", "x"}};
  for (const std::string& value : forwarded) {
    headers.push_back({"X-Forwarded-For", value});
  }
  return client_address(trusted, peer, headers);
}

TEST(AddressSetTest, HoldsAddressesAndNetworks) {
  const AddressSet some = set({"192.0.2.7", "10.0.0.0/8", "2001:db8::/33", "::1"});
  for (const char* address :
       {"192.0.2.7", "10.255.0.1", "::ffff:10.1.1.1", "2001:db8:7fff::1", "::1"}) {
    EXPECT_TRUE(some.contains(address)) << address;
  }
  for (const char* address : {"192.0.2.8", "11.0.0.0", "9.255.255.255", "2001:db8:8000::", "::2",
                              "unix", "", "10.0.0", "0x0a.0.0.1", "10.0.0.1 "}) {
    EXPECT_FALSE(some.contains(address)) << address;
  }
  EXPECT_TRUE(set({"0.0.0.0/0"}).contains("203.0.113.1"));
  EXPECT_FALSE(set({"0.0.0.0/0"}).contains("2001:db8::1")) << "IPv4 alone";
  EXPECT_TRUE(set({"::/0"}).contains("203.0.113.1"));
}

TEST(AddressSetTest, RefusesWhatIsNone) {
  for (const char* text :
       {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/0x8", "10.0.0.1/8",
        "2001:db8::/129", "2001:db8::1/32", "proxy.example", "10.0.0.0/8/8"}) {
    const auto refused = AddressSet::parse({"127.0.0.1", text});
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(
        refused.error().to_string(),
        "'" + std::string(text) +
            "' is no address and no network (such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32)");
  }
}

TEST(ClientAddressTest, OnlyATrustedProxyIsBelieved) {
  const AddressSet trusted = set({"10.0.0.0/8"});
  EXPECT_EQ(client(trusted, "203.0.113.9", {"198.51.100.1"}), "203.0.113.9") << "a spoofed header";
  EXPECT_EQ(client({}, "10.0.0.1", {"198.51.100.1"}), "10.0.0.1") << "nobody is trusted";
  EXPECT_EQ(client(trusted, "unix", {"198.51.100.1"}), "unix");
  EXPECT_EQ(client(trusted, "10.0.0.1", {}), "10.0.0.1");
  EXPECT_EQ(client(trusted, "10.0.0.1", {"198.51.100.1"}), "198.51.100.1");
}

TEST(ClientAddressTest, TheRightMostThatIsNotTrustedIsTaken) {
  const AddressSet trusted = set({"10.0.0.0/8", "2001:db8::/32"});
  // What a client wrote itself stands to the left of what the proxy added.
  EXPECT_EQ(client(trusted, "10.0.0.1", {"127.0.0.1, 198.51.100.1"}), "198.51.100.1");
  EXPECT_EQ(client(trusted, "10.0.0.1", {"127.0.0.1,198.51.100.1 , 10.0.0.2"}), "198.51.100.1");
  EXPECT_EQ(client(trusted, "10.0.0.1", {"127.0.0.1", "198.51.100.1", "10.0.0.2"}), "198.51.100.1")
      << "headers are one list";
  EXPECT_EQ(client(trusted, "10.0.0.1", {"10.0.0.3, 10.0.0.2"}), "10.0.0.3") << "all are proxies";
  EXPECT_EQ(client(trusted, "10.0.0.1", {"198.51.100.1:4711"}), "198.51.100.1");
  EXPECT_EQ(client(trusted, "2001:db8::1", {"[2001:4860::8]:443"}), "2001:4860::8");
  EXPECT_EQ(client(trusted, "10.0.0.1", {"2001:4860:0:0::8"}), "2001:4860::8");
  EXPECT_EQ(client(trusted, "10.0.0.1", {"::ffff:198.51.100.1"}), "198.51.100.1");
}

TEST(ClientAddressTest, WhatIsNoAddressEndsTheWalk) {
  const AddressSet trusted = set({"10.0.0.0/8"});
  for (const char* value : {"unknown", "", ",", "198.51.100.1, nonsense", "198.51.100.1,", "[::1",
                            "<script>", "198.51.100.1 198.51.100.2", "1.2.3.4.5"}) {
    EXPECT_EQ(client(trusted, "10.0.0.1", {value}), "10.0.0.1") << value;
  }
  EXPECT_EQ(client(trusted, "10.0.0.1", {"198.51.100.1, nonsense, 10.0.0.2"}), "10.0.0.2");
  std::string endless = "198.51.100.1";
  for (int hop = 0; hop < 100; ++hop) {
    endless += ",10.0.0.2";
  }
  EXPECT_EQ(client(trusted, "10.0.0.1", {endless}), "10.0.0.2");
}

class ForwardedTest : public ServerTest {
 protected:
  ForwardedTest() {
    (void)router.add(Method::kGet, "/who", [](Exchange& exchange) {
      exchange.respond(Response::text(exchange.request().remote_address));
    });
  }
  std::string ask() {
    ClientRequest request;
    request.url = url("/who");
    request.headers.push_back({"X-Forwarded-For", "198.51.100.1"});
    const auto answer = Client().send(request);
    return answer ? answer->body : answer.error().to_string();
  }
};

TEST_F(ForwardedTest, NobodyIsTrustedUnlessSaid) {
  start();
  EXPECT_EQ(ask(), "127.0.0.1");
}

TEST_F(ForwardedTest, HandlersSeeTheClientBehindATrustedProxy) {
  options.trusted_proxies = {"127.0.0.0/8"};
  start();
  EXPECT_EQ(ask(), "198.51.100.1");
}

std::string request_of(std::string_view path, std::string_view client) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {}\r\n\r\n", path, client);
}

/// A client's requests at once count for it; those of another are answered beside them.
TEST_F(ForwardedTest, ClientsBehindATrustedProxyAreLimitedEachByItself) {
  Flag entered;
  Flag leave;
  (void)router.add(Method::kGet, "/slow", [&](Exchange& exchange) {
    entered.raise();
    (void)leave.wait();
    exchange.respond(Response::text("late"));
  });
  options.trusted_proxies = {"127.0.0.0/8"};
  options.workers = 2;
  options.limits.max_connections_per_address = 1;
  start();
  RawClient slow = connect();
  ASSERT_TRUE(slow.send(request_of("/slow", "2001:db8::1")));
  ASSERT_TRUE(entered.wait());
  RawClient same = connect();
  const RawClient::Answer refused = same.ask(request_of("/who", "2001:db8::2"));
  EXPECT_EQ(refused.status, 429) << "of the same /64";
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(connect().ask(request_of("/who", "2001:db8:0:1::1")).body, "2001:db8:0:1::1");
  leave.raise();
  EXPECT_EQ(slow.next().body, "late");
  EXPECT_EQ(same.ask(request_of("/who", "2001:db8::2")).body, "2001:db8::2")
      << "the place is free again, and the refused connection lives";
}

TEST_F(ForwardedTest, AHeaderOfAnybodyElseDoesNotEscapeTheLimit) {
  options.trusted_proxies = {"192.0.2.7"};
  options.limits.max_connections_per_address = 1;
  start();
  RawClient first = connect();
  EXPECT_EQ(first.ask(request_of("/who", "198.51.100.1")).body, "127.0.0.1");
  RawClient second = connect();
  (void)second.send(request_of("/who", "198.51.100.2"));
  EXPECT_EQ(second.receive_all(), "");
}

}  // namespace
}  // namespace spoor::http
