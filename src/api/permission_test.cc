// Every operation × every role, as the contract says: who may is not turned away, who may not
// changes nothing.

#include <fmt/format.h>

#include <set>

#include "api/example_call.h"
#include "api/server_fixture.h"

namespace spoor::api {
namespace {

constexpr std::string_view kFirstPassword = "a first password";
constexpr std::string_view kSecondPassword = "a second password";

class PermissionTest : public ServerTest {
 protected:
  /// Nothing of it exists but the device and its event, so that what is allowed does little.
  static KnownValues known() {
    return {{"device_id", device_id()},
            {"into", device_id()},
            {"event_id", event_id()},
            {"at_event", event_id()},
            {"process", process_key()},
            {"name", "nobody"},
            {"owner", "nobody"},
            {"token_id", "0000000000000000"},
            {"session_id", "0000000000000000"},
            {"upload_id", std::string(32, '0')},
            {"upload_ids", std::string(32, '0')},
            {"import_id", "none"},
            {"query_id", "no-such-query"},
            {"query", "print 1"},
            {"password", "short"},
            {"kind", "fqdn"},
            {"value", "none.example"}};
  }

  /// What must stay as it was where a caller was refused.
  std::string state_of_things() {
    std::string text;
    for (const std::string& target :
         {std::string("/api/users"), std::string("/api/devices"),
          "/api/devices/" + device_id() + "/aliases", "/api/devices/" + device_id() + "/marks",
          std::string("/api/imports"), std::string("/api/uploads")}) {
      text += local("GET", target).body;
    }
    text += fmt::format("{}", local("GET", "/api/tokens").json["items"].size());
    return text;
  }

  /// A new user of that role, signed in, who must change the password.
  Credentials newcomer(const schema::RoleInfo& role, std::string& name) {
    name = fmt::format("new-{}", role.name);
    const Answer added =
        local("POST", "/api/users",
              fmt::format(R"({{"name":"{}","password":"a first password","role":"{}"}})", name,
                          role.name));
    EXPECT_EQ(added.status, 201) << added.body;
    return sign_in(name, kFirstPassword);
  }

  Answer change_password(const Credentials& who, std::string_view current,
                         std::string_view wanted) {
    return call("PUT", "/api/session/password", who,
                fmt::format(R"({{"current":"{}","new":"{}"}})", current, wanted));
  }

  Answer send(const CheckedOperation& operation, const Credentials& who) {
    const ExampleCall example = example_call(operation, known(), false);
    return call(example.method, example.target(*operation.spec), who, example.body_text(),
                example.type.empty() ? "application/json" : example.type);
  }
};

/// These end or change the session that they are called with, and so have tests of their own below.
const std::set<OperationId> kOwnSession = {OperationId::kSignOut, OperationId::kSignOutEverywhere,
                                           OperationId::kChangePassword};

TEST_F(PermissionTest, NobodyIsAskedToSignIn) {
  for (const CheckedOperation& operation : contract().operations()) {
    const Answer answer = send(operation, {});
    if (operation.spec->access == Access::kPublic) {
      EXPECT_NE(answer.status, 403) << operation.spec->name;
    } else {
      EXPECT_EQ(answer.status, 401) << operation.spec->name;
      EXPECT_EQ(answer.code(), "unauthenticated") << operation.spec->name;
    }
    EXPECT_EQ(check_answer(operation.spec->id, answer), "");
  }
}

TEST_F(PermissionTest, EachRoleMayWhatItsPermissionsSay) {
  std::map<schema::Role, Credentials> callers;
  for (const auto& role : schema::roles()) {
    callers[role.role] = sign_in(role.role);
  }
  const std::string before = state_of_things();
  for (const auto& role : schema::roles()) {
    const Credentials& who = callers[role.role];
    for (const CheckedOperation& operation : contract().operations()) {
      const OperationSpec& spec = *operation.spec;
      if (kOwnSession.contains(spec.id) || spec.access == Access::kPublic) {
        continue;
      }
      const bool is_allowed = spec.access == Access::kSelf ||
                              role.permissions.test(static_cast<std::size_t>(spec.permission));
      if (is_allowed && spec.method != http::Method::kGet) {
        continue;  // its effects are for the tests of the resource; that it is let through is asked
                   // below
      }
      const Answer answer = send(operation, who);
      if (is_allowed) {
        EXPECT_NE(answer.status, 401) << spec.name << " as " << role.name << ": " << answer.body;
        EXPECT_NE(answer.status, 403) << spec.name << " as " << role.name << ": " << answer.body;
      } else {
        EXPECT_EQ(answer.status, 403) << spec.name << " as " << role.name << ": " << answer.body;
        EXPECT_EQ(answer.code(), "forbidden");
      }
      EXPECT_EQ(check_answer(spec.id, answer), "") << answer.body;
    }
  }
  EXPECT_EQ(state_of_things(), before) << "a refused caller changed something";
}

TEST_F(PermissionTest, WhoMayChangeIsLetThrough) {
  for (const auto& role : schema::roles()) {
    const Credentials who = sign_in(role.role);
    for (const CheckedOperation& operation : contract().operations()) {
      const OperationSpec& spec = *operation.spec;
      // The sample brings devices that other tests would count: cli/serve_test has it.
      if (kOwnSession.contains(spec.id) || spec.id == OperationId::kStartSampleImport ||
          spec.method == http::Method::kGet || spec.access != Access::kPermission ||
          !role.permissions.test(static_cast<std::size_t>(spec.permission))) {
        continue;
      }
      const Answer answer = send(operation, who);
      EXPECT_NE(answer.status, 401) << spec.name << " as " << role.name << ": " << answer.body;
      // Of a collector's token and of others' tokens the service asks for more than this.
      if (spec.id != OperationId::kCreateToken && spec.id != OperationId::kRevokeToken) {
        EXPECT_NE(answer.status, 403) << spec.name << " as " << role.name << ": " << answer.body;
      }
      EXPECT_EQ(check_answer(spec.id, answer), "") << answer.body;
    }
  }
}

TEST_F(PermissionTest, EachRoleSignsInChangesItsPasswordAndSignsOut) {
  for (const auto& role : schema::roles()) {
    SCOPED_TRACE(role.name);
    std::string name;
    const Credentials first = newcomer(role, name);
    const Answer wrong = change_password(first, "not the password", kSecondPassword);
    EXPECT_EQ(wrong.status, 401) << wrong.body;
    EXPECT_EQ(check_answer(OperationId::kChangePassword, wrong), "");
    EXPECT_EQ(change_password(first, kFirstPassword, "short").status, 400);
    const Answer changed = change_password(first, kFirstPassword, kSecondPassword);
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(check_answer(OperationId::kChangePassword, changed), "");
    EXPECT_EQ(changed.json["permissions"].size(), role.permissions.count());
    EXPECT_EQ(call("GET", "/api/session", first).status, 401) << "the session of before has ended";

    const Credentials second = sign_in(name, kSecondPassword);
    const Credentials third = sign_in(name, kSecondPassword);
    const Answer out = call("DELETE", "/api/session", second);
    EXPECT_EQ(out.status, 204) << out.body;
    EXPECT_EQ(check_answer(OperationId::kSignOut, out), "");
    EXPECT_EQ(call("GET", "/api/session", second).status, 401);
    EXPECT_EQ(call("GET", "/api/session", third).status, 200) << "another session of the user";

    const Answer everywhere = call("DELETE", "/api/sessions", third);
    EXPECT_EQ(check_answer(OperationId::kSignOutEverywhere, everywhere), "");
    const bool may =
        role.permissions.test(static_cast<std::size_t>(schema::Permission::kSessionsManageOwn));
    EXPECT_EQ(everywhere.status, may ? 200 : 403) << everywhere.body;
    EXPECT_EQ(call("GET", "/api/session", third).status, may ? 401 : 200);
    EXPECT_EQ(local("DELETE", "/api/users/" + name).status, 204);
  }
}

TEST_F(PermissionTest, WhoMustChangeThePasswordMayDoThatAlone) {
  for (const auto& role : schema::roles()) {
    SCOPED_TRACE(role.name);
    std::string name;
    const Credentials who = newcomer(role, name);
    for (const CheckedOperation& operation : contract().operations()) {
      const OperationSpec& spec = *operation.spec;
      if (spec.access == Access::kPermission) {
        const Answer answer = send(operation, who);
        EXPECT_EQ(answer.status, 403) << spec.name << answer.body;
        EXPECT_EQ(answer.message(), "Choose a new password first.") << spec.name;
      }
    }
    const Answer me = call("GET", "/api/session", who);
    EXPECT_EQ(me.json["permissions"].size(), 0U) << me.body;
    EXPECT_EQ(call("DELETE", "/api/session", who).status, 204);
    EXPECT_EQ(local("DELETE", "/api/users/" + name).status, 204);
  }
}

TEST_F(PermissionTest, ProgramsHaveNoSessionToEndOrPasswordToChange) {
  const Credentials token = make_token({"read"}, {});
  for (const OperationId id : kOwnSession) {
    const Answer answer = send(contract()[id], token);
    EXPECT_EQ(answer.status, 403) << contract()[id].spec->name << answer.body;
    EXPECT_EQ(check_answer(id, answer), "");
  }
  EXPECT_EQ(call("GET", "/api/session", token).status, 200) << "the token is as good as before";
  EXPECT_EQ(local("DELETE", "/api/session").status, 403);
  EXPECT_EQ(local("DELETE", "/api/sessions").status, 403);
  EXPECT_EQ(
      local("PUT", "/api/session/password", R"({"current":"a","new":"a long password"})").status,
      403);
}

TEST_F(PermissionTest, RefusalsAreRecorded) {
  const Answer answer = call("DELETE", "/api/users/nobody", sign_in(schema::Role::kReader));
  ASSERT_EQ(answer.status, 403);
  const Answer log = local("GET", "/api/audit?limit=1&action=api.refused");
  const json::Dynamic& entry = log.json["items"][std::size_t{0}];
  EXPECT_EQ(entry["actor"].text_or(""), "test-reader") << log.body;
  EXPECT_EQ(entry["object"].text_or(""), "deleteUser");
  EXPECT_EQ(entry["outcome"].text_or(""), "refused");
}

}  // namespace
}  // namespace spoor::api
