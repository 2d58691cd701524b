#pragma once
// Test support: the API over a real server with an engine, users of every role and a device with a
// few events. Started once for all tests of a program; each test must leave it usable.

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/contract.h"
#include "api/gen/operations.h"
#include "http/client.h"
#include "json/reader.h"
#include "schema/gen/permissions.h"

namespace spoor::api {

/// How a request is authenticated.
struct Credentials {
  std::string cookie;  ///< value of the session's cookie
  std::string csrf;
  std::string bearer;
};

struct Answer {
  int status = 0;
  http::Headers headers;
  std::string body;
  json::Dynamic json;  ///< null where the body is no JSON
  [[nodiscard]] std::string code() const { return std::string(json["error"]["code"].text_or("")); }
  [[nodiscard]] std::string message() const {
    return std::string(json["error"]["message"].text_or(""));
  }
};

/// What the server was made of, kept in server_fixture_test.cc.
class TestServer;

class ServerTest : public testing::Test {
 protected:
  static void SetUpTestSuite();
  void SetUp() override;

  /// Over TCP, with these credentials. `body` is sent as `type` where it is not empty.
  Answer call(std::string_view method, std::string target, const Credentials& who = {},
              std::string body = {}, std::string type = "application/json");
  /// Over the local socket: the administrator of this machine.
  Answer local(std::string_view method, std::string target, std::string body = {},
               std::string type = "application/json");
  /// Signs the user of that role in.
  Credentials sign_in(schema::Role role);
  Credentials sign_in(std::string_view name, std::string_view password);
  /// A token of the administrator with these scopes, for these devices (all where empty).
  Credentials make_token(const std::vector<std::string>& scopes,
                         const std::vector<std::string>& devices);

  /// The device that all tests may read, and one of its events and processes.
  static const std::string& device_id();
  static const std::string& event_id();
  static const std::string& process_key();
  static const Contract& contract();
  static std::uint16_t port();
  static TestServer& server();
  /// How often a device was removed; nothing is.
  static int purged_devices();

  /// Empty where the answer is one that the contract declares for the operation; else what is
  /// wrong.
  static std::string check_answer(OperationId id, const Answer& answer);
};

/// Password of all users of the tests.
inline constexpr std::string_view kTestPassword = "a password of the tests";

}  // namespace spoor::api
