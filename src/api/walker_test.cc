// Sends every operation valid values, and hostile ones derived from the contract: no fault of the
// server, no status and no member of an answer that the contract does not declare.

#include <fmt/format.h>

#include <set>

#include "api/example_call.h"
#include "api/server_fixture.h"

namespace spoor::api {
namespace {

using json::Dynamic;

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> kTexts = {
      "",
      " ",
      "0",
      "-1",
      "9223372036854775807",
      "9223372036854775808",
      "1e309",
      "true",
      "null",
      "' OR 1=1 --",
      "\"; DROP TABLE DeviceEvents; //",
      "x | take 1",
      "{p0:String}",
      "../../etc/passwd",
      "%2e%2e%2f",
      "\u202egnp.exe",
      "a\nb\tc",
      "\xf0\x9f\xa6\x8c",
      "2026-02-30",
      "9999-12-31T23:59:59.9999999Z",
      "0001-01-01",
      "Field:(((((",
      "\"unclosed",
      "-has:",
      "RemoteIP:10.0.0.0/99",
      "trail:1",
      std::string(3000, 'x'),
  };
  return kTexts;
}

std::vector<Dynamic> hostile_values() {
  std::vector<Dynamic> values;
  for (const std::string& text : hostile_texts()) {
    values.emplace_back(text);
  }
  values.emplace_back();
  values.emplace_back(true);
  values.emplace_back(std::int64_t{-1});
  values.emplace_back(std::int64_t{INT64_MAX});
  values.emplace_back(std::uint64_t{UINT64_MAX});
  values.emplace_back(1e300);
  values.emplace_back(Dynamic::Array{});
  values.emplace_back(Dynamic::Array(2000, Dynamic(std::string("x"))));
  values.emplace_back(Dynamic::Object{{"x", Dynamic(std::string("y"))}});
  values.emplace_back(std::string(150'000, 'a'));
  values.emplace_back(std::string("nul\0nul", 7));
  return values;
}

class WalkerTest : public ServerTest {
 protected:
  static KnownValues known() {
    return {{"device_id", device_id()},
            {"into", device_id()},
            {"event_id", event_id()},
            {"at_event", event_id()},
            {"process", process_key()},
            {"name", "walker-made"},
            {"q", ""},
            {"from", "2026-11-01"},
            {"to", "2026-12-01"},
            {"at", "2026-11-17"},
            {"time", "2026-11-17"},
            {"query", "print 1"},
            {"groups", "process"},
            {"without_groups", "file"},
            {"action_types", "ProcessCreated"},
            {"sort", "-LastSeen"},
            {"actor", "nobody"},
            {"action", "user."},
            {"object", "none"},
            {"token_id", "0000000000000000"},
            {"session_id", "0000000000000000"},
            {"upload_id", std::string(32, '0')},
            {"upload_ids", std::string(32, '0')},
            {"import_id", "none"},
            {"query_id", "no-such-query"},
            {"password", "short"},
            {"columns", "Timestamp"},
            {"expires", "2020-01-01"},
            {"owner", "nobody"},
            {"groups", "all"},
            {"sha256", std::string(64, '0')}};
  }

  /// Those that would end the walker's own session, and one that takes nothing but brings devices.
  static bool is_left_out(OperationId id) {
    return id == OperationId::kSignOut || id == OperationId::kSignOutEverywhere ||
           id == OperationId::kChangePassword || id == OperationId::kSignIn ||
           id == OperationId::kStartSampleImport;
  }

  void check(const CheckedOperation& operation, const ExampleCall& example, std::string_view what) {
    // Without a query id of its own each call of runQuery would be the same one.
    const Answer answer =
        call(example.method, example.target(*operation.spec), who_, example.body_text(),
             example.type.empty() ? "application/json" : example.type);
    ++calls_;
    const bool may_be_unready = operation.spec->id == OperationId::kGetReadiness;
    EXPECT_TRUE(answer.status < 500 || may_be_unready)
        << operation.spec->name << " " << what << ": " << answer.status << " "
        << answer.body.substr(0, 500);
    EXPECT_EQ(check_answer(operation.spec->id, answer), "")
        << what << ": " << answer.body.substr(0, 500);
  }

  void SetUp() override {
    ServerTest::SetUp();
    if (!IsSkipped()) {
      who_ = sign_in(schema::Role::kAdministrator);
    }
  }

  Credentials who_;
  int calls_ = 0;
};

TEST_F(WalkerTest, ValidCallsAreAnsweredAsDeclared) {
  for (const CheckedOperation& operation : contract().operations()) {
    if (!is_left_out(operation.spec->id)) {
      check(operation, example_call(operation, known(), false), "with what is required");
      check(operation, example_call(operation, known(), true), "with everything");
    }
  }
}

/// Parameters that several operations share are sent every text once, and some texts elsewhere:
/// what reads them is the same.
TEST_F(WalkerTest, HostileParametersAreAnsweredAsDeclared) {
  constexpr std::size_t kSome = 9;
  std::set<std::pair<std::string_view, std::string_view>> walked;
  std::size_t turn = 0;
  for (const CheckedOperation& operation : contract().operations()) {
    if (is_left_out(operation.spec->id)) {
      continue;
    }
    for (const CheckedParameter& parameter : operation.parameters) {
      const std::string name(parameter.spec->name);
      const bool is_new = walked.insert({parameter.spec->name, parameter.spec->schema}).second;
      for (std::size_t at = is_new ? 0 : turn++ % kSome; at < hostile_texts().size();
           at += is_new ? 1 : kSome) {
        const std::string& text = hostile_texts()[at];
        ExampleCall example = example_call(operation, known(), false);
        if (!parameter.spec->in_path) {
          std::erase_if(example.query, [&](const auto& entry) { return entry.first == name; });
          example.query.emplace_back(name, text);
        } else if (!text.empty() && text.find('/') == std::string::npos &&
                   text.find('\n') == std::string::npos) {
          example.path[name] = text;
        }
        check(operation, example, fmt::format("{}={}", name, text.substr(0, 50)));
      }
    }
    ExampleCall unknown = example_call(operation, known(), false);
    unknown.query.emplace_back("nonsense", "1");
    check(operation, unknown, "with an unknown parameter");
  }
  EXPECT_GT(calls_, 1000);
}

TEST_F(WalkerTest, HostileBodiesAreAnsweredAsDeclared) {
  const std::vector<Dynamic> values = hostile_values();
  for (const CheckedOperation& operation : contract().operations()) {
    if (is_left_out(operation.spec->id) || operation.bodies.empty()) {
      continue;
    }
    const ExampleCall valid = example_call(operation, known(), true);
    const Dynamic::Object members =
        valid.body.as_object() != nullptr ? *valid.body.as_object() : Dynamic::Object();
    for (std::size_t at = 0; at < members.size(); ++at) {
      for (const Dynamic& value : values) {
        Dynamic::Object changed = members;
        changed[at].value = value;
        ExampleCall example = valid;
        example.body = Dynamic(std::move(changed));
        check(operation, example,
              fmt::format("/{}={}", members[at].name, value.dump().substr(0, 50)));
      }
    }
    for (const std::string_view body : {"", "{", "[]", "null", "\"x\"", "{\"a\":1,\"a\":2}",
                                        "\xff\xfe", "{}{}", "[[[[[[[[[[[[[[[[[[[["}) {
      ExampleCall example = valid;
      example.body = Dynamic();
      example.raw = body;
      check(operation, example, body);
    }
    ExampleCall other = valid;
    other.type = "text/html";
    check(operation, other, "as HTML");
  }
}

}  // namespace
}  // namespace spoor::api
