#include "store/client.h"

#include <gtest/gtest.h>

namespace spoor::store {
namespace {

TEST(Client, RefusesConstantsThatNoRequestHoldsBeforeItCalls) {
  Endpoint nobody;
  nobody.url = "http://127.0.0.1:9";
  const Client client(nobody);
  const Query query{.sql = "SELECT length({p1:String})",
                    .parameters = {{"p1", std::string(1'100'000, 'a')}}};
  const auto answer = client.query(query, [](std::string_view) -> Result<void> { return {}; });
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::kLimit);
  EXPECT_EQ(answer.error().message, "the constants of the query take more than 1 MB");
}

}  // namespace
}  // namespace spoor::store
