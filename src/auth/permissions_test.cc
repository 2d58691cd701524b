// Who may do what, as one picture: review the difference when it changes.

#include <gtest/gtest.h>

#include <cstdlib>

#include "auth/caller.h"
#include "base/file.h"

namespace spoor::auth {
namespace {

template <class Info>
void write_matrix(std::string& out, std::span<const Info> sets) {
  for (const Info& set : sets) {
    Caller caller;
    caller.permissions = set.permissions;
    out += std::string(set.name) + "\n";
    for (const schema::PermissionInfo& info : schema::permissions()) {
      out += (require(caller, info.permission) ? "  may      " : "  may not  ");
      out += std::string(info.name) + "\n";
    }
  }
}

TEST(Permissions, OfRolesAndScopesAreThoseReviewed) {
  std::string now = "# roles\n";
  write_matrix(now, schema::roles());
  now += "# scopes of tokens\n";
  write_matrix(now, schema::token_scopes());
  const std::string path = std::string(SPOOR_SOURCE_DIR) + "/tests/golden/auth/permissions.txt";
  if (std::getenv("SPOOR_UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(write_file_atomically(path, now, 0644));
  }
  EXPECT_EQ(read_file(path, 1 << 20).value_or(""), now)
      << "run with SPOOR_UPDATE_GOLDEN=1 where the change is meant";
}

TEST(Permissions, NamesLeadBack) {
  for (const schema::PermissionInfo& info : schema::permissions()) {
    EXPECT_EQ(schema::find_permission(info.name), info.permission);
    EXPECT_EQ(schema::permission_name(info.permission), info.name);
  }
  for (const schema::RoleInfo& info : schema::roles()) {
    EXPECT_EQ(schema::find_role(info.name), info.role);
    EXPECT_EQ(schema::role_permissions(info.role), info.permissions);
  }
  for (const schema::TokenScopeInfo& info : schema::token_scopes()) {
    EXPECT_EQ(schema::find_token_scope(info.name), info.scope);
  }
  EXPECT_EQ(schema::find_role("Administrator"), std::nullopt);
  EXPECT_EQ(schema::find_permission(""), std::nullopt);
}

TEST(Permissions, HoldTheRulesThatRolesAreMadeBy) {
  const auto may = [](Role role, Permission permission) {
    return schema::role_permissions(role).test(static_cast<std::size_t>(permission));
  };
  EXPECT_TRUE(schema::role_permissions(Role::kAdministrator).all());
  EXPECT_EQ(schema::token_scope_permissions(schema::TokenScope::kCollector).count(), 1U);
  for (const schema::PermissionInfo& info : schema::permissions()) {
    const bool is_a_look = info.name.ends_with(".read");
    const bool is_own = info.name.ends_with("_own");
    if (may(Role::kAuditor, info.permission)) {
      EXPECT_TRUE(is_a_look || is_own) << "the auditor would change something: " << info.name;
    }
    if (may(Role::kReader, info.permission)) {
      EXPECT_TRUE(may(Role::kAnalyst, info.permission)) << info.name;
      EXPECT_TRUE(is_a_look || is_own || info.permission == Permission::kQueryRun) << info.name;
    }
    if (may(Role::kAnalyst, info.permission)) {
      EXPECT_TRUE(may(Role::kResponder, info.permission)) << info.name;
    }
  }
  EXPECT_TRUE(may(Role::kAuditor, Permission::kAuditRead));
  EXPECT_FALSE(may(Role::kResponder, Permission::kImportPurge));
}

TEST(Callers, OfTheMachineAreRecordedAsSuch) {
  EXPECT_EQ(system_caller().actor(), "system");
  EXPECT_EQ(local_caller(0).actor(), "local:root");
  EXPECT_EQ(local_caller(4'000'000'000).actor(), "local:uid 4000000000");
  EXPECT_TRUE(require(local_caller(), Permission::kBackupRun));
  EXPECT_FALSE(require(Caller{}, Permission::kSchemaRead)) << "nothing is allowed by default";
}

}  // namespace
}  // namespace spoor::auth
