#include "base/sha256.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

TEST(Sha256, OfAStreamIsThatOfItsBytes) {
  Sha256 empty;
  EXPECT_EQ(empty.finish(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  // FIPS 180-4, example of two blocks.
  Sha256 parts;
  parts.add("abcdbcdecdefdefgefghfghighij");
  parts.add("hijkijkljklmklmnlmnomnopnopq");
  EXPECT_EQ(parts.finish(), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

}  // namespace
}  // namespace spoor
