#include "api/contract.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "api/errors.h"
#include "api/handlers.h"
#include "http/router.h"

namespace spoor::api {
namespace {

TEST(Contract, EveryOperationHasOneHandler) {
  const auto handlers = all_handlers();
  ASSERT_TRUE(handlers) << handlers.error().to_string();
  EXPECT_EQ(handlers->size(), operations().size());
}

TEST(Contract, EveryChangeIsRecorded) {
  // Those that the services record themselves, and those that change nothing that people decide.
  const std::set<OperationId> elsewhere = {
      OperationId::kSignIn,          OperationId::kSignOut,        OperationId::kSignOutEverywhere,
      OperationId::kEndSession,      OperationId::kChangePassword, OperationId::kCreateUser,
      OperationId::kChangeUser,      OperationId::kDeleteUser,     OperationId::kResetPassword,
      OperationId::kEndUserSessions, OperationId::kCreateToken,    OperationId::kRevokeToken,
      OperationId::kAppendUpload,    OperationId::kIngest,         OperationId::kRunQuery,
      OperationId::kExportEvents,    OperationId::kDropSnapshot,   OperationId::kExportDevices,
      OperationId::kSetMySettings,   OperationId::kChangeSetting,  OperationId::kResetSetting,
      OperationId::kStreamQuery};
  const auto handlers = all_handlers();
  ASSERT_TRUE(handlers);
  for (const OperationSpec& spec : operations()) {
    const bool is_recorded = !(*handlers)[static_cast<std::size_t>(spec.id)].action.empty();
    const bool should_be = spec.method != http::Method::kGet && !elsewhere.contains(spec.id);
    EXPECT_EQ(is_recorded, should_be) << spec.name;
  }
}

TEST(Contract, ExamplesFitTheirSchemas) {
  const auto contract = Contract::load();
  ASSERT_TRUE(contract) << contract.error().to_string();
  const auto document = json::parse(openapi_json());
  ASSERT_TRUE(document) << document.error().to_string();
  int examples = 0;
  const auto check = [&](const CheckedContent* content, const json::Dynamic& declared,
                         std::string_view name) {
    if (const json::Dynamic* example = declared.find("example");
        example != nullptr && content != nullptr) {
      const auto checked = check_value(*content->schema, *example);
      EXPECT_TRUE(checked) << name << checked.error().where << " " << checked.error().message;
      ++examples;
    }
  };
  for (const CheckedOperation& operation : (*contract)->operations()) {
    std::string method(http::method_name(operation.spec->method));
    std::ranges::transform(method, method.begin(),
                           [](char letter) { return static_cast<char>(letter + 32); });
    const json::Dynamic& declared = (*document)["paths"][operation.spec->path][method];
    ASSERT_FALSE(declared.is_null()) << operation.spec->path;
    constexpr std::string_view kJson = "application/json";
    check(operation.find_body(kJson), declared["requestBody"]["content"][kJson],
          operation.spec->name);
    check(operation.find_answer(200, kJson), declared["responses"]["200"]["content"][kJson],
          operation.spec->name);
  }
  EXPECT_GT(examples, 4);
}

TEST(Errors, EveryCodeIsDeclaredWithItsStatus) {
  const auto contract = Contract::load();
  ASSERT_TRUE(contract);
  const JsonSchema& codes = (*contract)->schemas().find("ErrorCode")->resolved();
  for (int number = 1; number <= static_cast<int>(ErrorCode::kTooMany); ++number) {
    const auto code = static_cast<ErrorCode>(number);
    const auto body = json::parse(error_body(Error::make(code, "x"), "0"));
    const std::string name((*body)["error"]["code"].text_or(""));
    EXPECT_NE(std::ranges::find(codes.choices, name), codes.choices.end()) << name;
    EXPECT_GE(error_status(code), 400) << name;
  }
  EXPECT_EQ(error_status(ErrorCode::kUnauthenticated), 401);
  EXPECT_EQ(error_status(ErrorCode::kForbidden), 403);
  EXPECT_EQ(error_status(ErrorCode::kTooMany), 429);
  EXPECT_EQ(error_status(ErrorCode::kNoSpace), 507);
}

TEST(Errors, TellsPlacesOfRequestsAndNoPathsOfTheServer) {
  EXPECT_EQ(
      error_body(in_field(Error::make(ErrorCode::kInvalidInput, "bad").at_line(2, 5), "q"), "abc"),
      R"({"error":{"code":"invalid_input","message":"bad","hint":"","request_id":"abc","where":{"line":2,"column":5,"field":"q"}}})");
  EXPECT_EQ(
      error_body(Error::make(ErrorCode::kNotFound, "no").at("/var/lib/spoor/state.sqlite"), "abc"),
      R"({"error":{"code":"not_found","message":"no","hint":"","request_id":"abc"}})");
  const std::string fault =
      error_body(Error::make(ErrorCode::kIo, "cannot write /var/lib/spoor/x"), "abc");
  EXPECT_EQ(fault.find("/var"), std::string::npos) << fault;
  EXPECT_EQ(
      http::find_header(error_response(Error::make(ErrorCode::kTooMany, "x"), "abc", 7).headers,
                        "Retry-After"),
      "7");
  EXPECT_EQ(http::find_header(
                error_response(Error::make(ErrorCode::kUnauthenticated, "x"), "abc").headers,
                "WWW-Authenticate"),
            "Bearer");
}

}  // namespace
}  // namespace spoor::api
