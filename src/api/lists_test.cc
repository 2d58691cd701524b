// Lists come in pages, all by the same cursor.

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "api/server_fixture.h"

namespace spoor::api {
namespace {

class ListsTest : public ServerTest {
 protected:
  using Get = std::function<Answer(const std::string& target)>;

  static std::vector<std::string> texts_of(const Answer& answer) {
    std::vector<std::string> texts;
    for (std::size_t at = 0; at < answer.json["items"].size(); ++at) {
      texts.push_back(answer.json["items"][at].dump());
    }
    return texts;
  }

  /// Page by page gives what one large page gives.
  void walk(OperationId id, const std::string& path, std::size_t least, const Get& get) {
    const Answer whole = get(path + "?limit=1000");
    ASSERT_EQ(whole.status, 200) << whole.body;
    EXPECT_EQ(check_answer(id, whole), "") << whole.body;
    const auto expected = texts_of(whole);
    ASSERT_GE(expected.size(), least) << whole.body;
    EXPECT_TRUE(whole.json["next"].is_null()) << path;
    std::vector<std::string> found;
    std::string target = path + "?limit=2";
    for (std::size_t pages = 0; pages <= expected.size(); ++pages) {
      const Answer page = get(target);
      ASSERT_EQ(page.status, 200) << page.body;
      EXPECT_LE(page.json["items"].size(), 2U);
      for (auto& text : texts_of(page)) {
        found.push_back(std::move(text));
      }
      if (page.json["next"].is_null()) {
        break;
      }
      target = fmt::format("{}?limit=2&cursor={}", path, page.json["next"].text_or(""));
    }
    EXPECT_EQ(found, expected) << path;
  }

  Get as_local() {
    return [this](const std::string& target) { return local("GET", target); };
  }
};

TEST_F(ListsTest, Users) { walk(OperationId::kListUsers, "/api/users", 5, as_local()); }

TEST_F(ListsTest, Tokens) {
  for (int made = 0; made < 4; ++made) {
    make_token({"read"}, {});
  }
  walk(OperationId::kListTokens, "/api/tokens", 4, as_local());
}

TEST_F(ListsTest, Sessions) {
  Credentials who;
  for (int signed_in = 0; signed_in < 4; ++signed_in) {
    who = sign_in(schema::Role::kAuditor);
  }
  walk(OperationId::kListSessions, "/api/sessions", 4,
       [&](const std::string& target) { return call("GET", target, who); });
}

TEST_F(ListsTest, UploadsAndImports) {
  std::vector<std::string> ids;
  for (int made = 0; made < 5; ++made) {
    const Answer upload = local("POST", "/api/uploads", R"({"name":"a","size":1})");
    ASSERT_EQ(upload.status, 201) << upload.body;
    ids.emplace_back(upload.json["id"].text_or(""));
  }
  walk(OperationId::kListUploads, "/api/uploads", 5, as_local());
  for (const std::string& id : ids) {
    ASSERT_EQ(
        local("PUT", fmt::format("/api/uploads/{}?offset=0", id), "x", "application/octet-stream")
            .status,
        200);
    const Answer started =
        local("POST", "/api/imports", fmt::format(R"({{"upload_ids":["{}"]}})", id));
    ASSERT_EQ(started.status, 202) << started.body;
    const std::string import(started.json["id"].text_or(""));
    local("GET", "/api/imports/" + import + "/events");  // ends with the import
  }
  walk(OperationId::kListImports, "/api/imports", 5, as_local());
}

TEST_F(ListsTest, ACursorIsForItsOwnListAlone) {
  const Answer users = local("GET", "/api/users?limit=1");
  const std::string cursor(users.json["next"].text_or(""));
  ASSERT_FALSE(cursor.empty()) << users.body;
  for (const std::string_view path :
       {"/api/tokens", "/api/uploads", "/api/imports", "/api/audit", "/api/devices"}) {
    const Answer refused = local("GET", fmt::format("{}?cursor={}", path, cursor));
    EXPECT_EQ(refused.status, 400) << path << refused.body;
    EXPECT_EQ(refused.message(), "the cursor is not one of this list");
  }
  // One that goes on behind the end is good: what stood there may be gone.
  const Answer last = local("GET", fmt::format("/api/users?limit=1000&cursor={}", cursor));
  EXPECT_EQ(last.json["items"].size() + 1, local("GET", "/api/users").json["items"].size());
}

TEST_F(ListsTest, EveryListThatGrowsHasPages) {
  // As many as the schema or one device or event has, or a thousand at most.
  const std::set<OperationId> bounded = {
      OperationId::kListSettings,     OperationId::kListDeviceAliases,
      OperationId::kListFlagVersions, OperationId::kListNoteVersions,
      OperationId::kListDeviceEdits,  OperationId::kListDeviceTags};
  int lists = 0;
  for (const CheckedOperation& operation : contract().operations()) {
    const CheckedContent* content = operation.find_answer(200, "application/json");
    if (content == nullptr || bounded.contains(operation.spec->id)) {
      continue;
    }
    const auto has = [&](std::string_view name) {
      return std::ranges::any_of(operation.parameters, [&](const CheckedParameter& parameter) {
        return parameter.spec->name == name;
      });
    };
    const auto& properties = content->schema->resolved().properties;
    if (std::ranges::any_of(properties, [](const auto& each) { return each.name == "next"; })) {
      EXPECT_TRUE(has("cursor") && has("limit")) << operation.spec->name;
      ++lists;
    }
  }
  EXPECT_GE(lists, 9);
}

}  // namespace
}  // namespace spoor::api
