// `spoor admin user`, `token` and `audit` as an administrator runs them; no engine is needed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/temp_folder.h"
#include "cli/run_program.h"

namespace spoor::cli {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

struct AccountCommands : testing::Test {
  /// `spoor admin WHAT --data FOLDER REST`, with `input` as standard input and errors in the
  /// output.
  Outcome admin(const std::string& what, const std::string& rest = "",
                const std::string& input = "") const {
    return run_program("printf '%s\\n' '" + input + "' | " SPOOR_BINARY_DIR "/bin/spoor admin " +
                       what + " --data " + (folder / "data") + " " + rest + " 2>&1");
  }
  /// The same without errors in the output.
  Outcome admin_quietly(const std::string& what, const std::string& rest) const {
    return run_program(SPOOR_BINARY_DIR "/bin/spoor admin " + what + " --data " +
                       (folder / "data") + " " + rest + " 2>/dev/null </dev/null");
  }
  void add_ann() const {
    ASSERT_EQ(admin("user add", "ann --role administrator", "a good pass phrase").exit_code, 0);
  }
  TempFolder folder;
};

TEST_F(AccountCommands, AUserIsAddedAndListed) {
  EXPECT_THAT(admin("user list").out, HasSubstr("this is no data folder"));
  add_ann();
  const Outcome listed = admin("user list", "--format csv");
  EXPECT_EQ(listed.exit_code, 0);
  EXPECT_THAT(listed.out, HasSubstr("ann,,administrator,all,false,true,"));
  const Outcome twice = admin("user add", "ANN --role reader", "a good pass phrase");
  EXPECT_EQ(twice.exit_code, 1);
  EXPECT_EQ(twice.out, "spoor: there is a user \"ANN\" already\n");
}

TEST_F(AccountCommands, PasswordsComeFromStandardInputAndAreHeldToTheRules) {
  const Outcome shorter = admin("user add", "bob --role reader", "short");
  EXPECT_EQ(shorter.exit_code, 1);
  EXPECT_EQ(shorter.out, "spoor: The password needs at least 12 characters.\n");
  EXPECT_EQ(admin("user add", "bob --role reader", "").out, "spoor: no password was given\n");
  EXPECT_EQ(admin("user add", "bob a-good-pass-phrase --role reader").exit_code, 2)
      << "there is no argument that takes one";
  EXPECT_THAT(admin("user list").out, Not(HasSubstr("bob")));
}

TEST_F(AccountCommands, AGeneratedPasswordStandsAloneOnStandardOutput) {
  add_ann();
  const Outcome added = admin_quietly("user add", "bob --role analyst --generate");
  EXPECT_EQ(added.exit_code, 0);
  EXPECT_THAT(added.out, MatchesRegex("([2-9a-z]{5}-){3}[2-9a-z]{5}\n"));
  const Outcome again = admin_quietly("user password", "bob --generate");
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_NE(again.out, added.out);
  const std::string log = admin("audit", "--json").out;
  EXPECT_THAT(log, Not(HasSubstr(added.out.substr(0, 23))));
  EXPECT_THAT(log, Not(HasSubstr("a good pass phrase")));
}

TEST_F(AccountCommands, AUserIsChangedAndRemovedButNotTheLastAdministrator) {
  add_ann();
  ASSERT_EQ(admin_quietly("user add", "bob --role analyst --generate --lasting").exit_code, 0);
  EXPECT_EQ(admin("user set", "bob --role responder --disable --display-name Bobby").exit_code, 0);
  EXPECT_THAT(admin("user list", "--format csv").out,
              HasSubstr("bob,Bobby,responder,all,true,false,"));
  EXPECT_EQ(admin("user set", "bob --role emperor").exit_code, 2);
  EXPECT_EQ(admin("user set", "bob --disable --enable").exit_code, 2);
  EXPECT_EQ(admin("user remove", "bob").exit_code, 0);
  EXPECT_EQ(admin("user remove", "bob").out, "spoor: There is no user \"bob\".\n");
  const Outcome last = admin("user remove", "ann");
  EXPECT_EQ(last.exit_code, 1);
  EXPECT_EQ(last.out, "spoor: That would leave no administrator who can sign in.\n");
}

TEST_F(AccountCommands, ATokenIsShownOnceAndRevoked) {
  add_ann();
  const Outcome added =
      admin_quietly("token add", "forwarder --owner ann --scope collector --device ws-1");
  EXPECT_EQ(added.exit_code, 0);
  ASSERT_THAT(added.out, MatchesRegex("spoor_[0-9a-f]{16}_[0-9A-Za-z_-]{48}\n"));
  const std::string id = added.out.substr(6, 16);
  EXPECT_THAT(admin("token list", "--format csv").out,
              HasSubstr(id + ",forwarder,ann,collector,ws-1,"));
  EXPECT_EQ(admin("token revoke", id).exit_code, 0);
  EXPECT_EQ(admin("token revoke", id).out, "spoor: the token is revoked already\n");
  EXPECT_EQ(admin("token add", "x --owner ann --scope everything").exit_code, 2);
  EXPECT_THAT(admin("token add", "x --owner ann --scope read --expires soon").out,
              HasSubstr("--expires: 'soon' is no time"));
  EXPECT_THAT(admin("token list").out, Not(HasSubstr(added.out.substr(23, 48))));
}

TEST_F(AccountCommands, TheAuditLogIsFilteredAndPaged) {
  add_ann();
  ASSERT_EQ(admin_quietly("token add", "t --owner ann --scope read").exit_code, 0);
  ASSERT_EQ(admin("user set", "ann --unlock").exit_code, 0);
  const std::string users = admin("audit", "--json --action user.").out;
  EXPECT_THAT(users,
              HasSubstr("\"Action\":\"user.change\",\"Object\":\"ann\",\"Outcome\":\"done\""));
  EXPECT_THAT(users, Not(HasSubstr("token.add")));
  EXPECT_THAT(admin("audit", "--json --rows 1").out, HasSubstr("\"Id\":3,"));
  EXPECT_THAT(admin("audit", "--json --before 2").out, MatchesRegex("\\{\"Id\":1,.*\\}\n"));
  EXPECT_EQ(admin("audit", "--json --actor eve").out, "");
  EXPECT_EQ(admin("audit", "--json --until 2020-01-01").out, "");
  EXPECT_EQ(admin("audit", "--json --since yesterday").exit_code, 1);
  EXPECT_EQ(admin("audit", "--rows 0").exit_code, 2);
}

}  // namespace
}  // namespace spoor::cli
