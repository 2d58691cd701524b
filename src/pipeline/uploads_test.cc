#include "pipeline/uploads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/sha256.h"
#include "base/temp_folder.h"

namespace spoor::pipeline {
namespace {

using testing::IsEmpty;

std::string sum_of(const std::string& bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.finish();
}

class UploadsTest : public testing::Test {
 protected:
  void SetUp() override {
    limits_.free_bytes = 0;
    open();
  }
  void open() {
    uploads_.reset();
    auto opened = Uploads::open(folder_ / "uploads", limits_);
    ASSERT_TRUE(opened) << opened.error().to_string();
    uploads_ = *std::move(opened);
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "uploads")) {
      names.push_back(entry.path().filename());
    }
    return names;
  }
  std::string content(const std::string& id) {
    auto file = uploads_->open_complete("mira", id);
    EXPECT_TRUE(file) << file.error().to_string();
    std::string bytes(1000, '\0');
    const ssize_t got = ::pread(file->get(), bytes.data(), bytes.size(), 0);
    bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return bytes;
  }

  TempFolder folder_;
  UploadLimits limits_;
  std::unique_ptr<Uploads> uploads_;
};

TEST_F(UploadsTest, AFileComesInPiecesAcrossRestarts) {
  const auto made =
      uploads_->create("mira", "..\\..\\x/../Security\n.evtx", 10, sum_of("0123456789"));
  ASSERT_TRUE(made) << made.error().to_string();
  EXPECT_EQ(made->name, "..\\..\\x/../Security .evtx");
  EXPECT_EQ(made->id.size(), 32u);
  const auto first = uploads_->append("mira", made->id, 0, "0123");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->received, 4u);
  EXPECT_FALSE(first->is_complete);
  EXPECT_EQ(uploads_->open_complete("mira", made->id).error().message,
            "the upload is not complete");
  open();
  EXPECT_EQ(uploads_->get("mira", made->id)->received, 4u);
  EXPECT_EQ(uploads_->append("mira", made->id, 0, "0123").error().message,
            "the upload goes on at 4");
  EXPECT_EQ(uploads_->append("mira", made->id, 4, "4567890").error().message,
            "the file was announced with 10 bytes");
  const auto last = uploads_->append("mira", made->id, 4, "456789");
  ASSERT_TRUE(last) << last.error().to_string();
  EXPECT_TRUE(last->is_complete);
  open();
  EXPECT_TRUE(uploads_->get("mira", made->id)->is_complete);
  EXPECT_EQ(content(made->id), "0123456789");
  for (const std::string& name : files()) {
    EXPECT_TRUE(name.starts_with(made->id)) << name;
  }
  ASSERT_TRUE(uploads_->remove("mira", made->id));
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(UploadsTest, AnotherCheckSumStartsAnew) {
  const auto made = uploads_->create("mira", "a", 4, sum_of("good"));
  ASSERT_TRUE(made);
  const auto bad = uploads_->append("mira", made->id, 0, "evil");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().message, "the file has another SHA-256 than was announced");
  EXPECT_EQ(uploads_->get("mira", made->id)->received, 0u);
  EXPECT_TRUE(uploads_->append("mira", made->id, 0, "good")->is_complete);
  EXPECT_EQ(content(made->id), "good");
}

TEST_F(UploadsTest, OthersSeeNothing) {
  const auto made = uploads_->create("mira", "a", 4);
  ASSERT_TRUE(made);
  for (const auto& result :
       {uploads_->append("eve", made->id, 0, "x").error(), uploads_->get("eve", made->id).error(),
        uploads_->remove("eve", made->id).error(), uploads_->hold("eve", made->id).error(),
        uploads_->open_complete("eve", made->id).error()}) {
    EXPECT_EQ(result.code, ErrorCode::kNotFound);
    EXPECT_EQ(result.message, "there is no upload '" + made->id + "'");
  }
  EXPECT_THAT(uploads_->list("eve"), IsEmpty());
  EXPECT_EQ(uploads_->list("mira").size(), 1u);
  EXPECT_EQ(uploads_->get("mira", "../../etc/passwd").error().code, ErrorCode::kNotFound);
}

TEST_F(UploadsTest, QuotasAreSaid) {
  limits_.file_bytes = 100;
  limits_.total_bytes = 150;
  limits_.piece_bytes = 10;
  open();
  EXPECT_EQ(uploads_->create("mira", "a", 0).error().message, "an empty file cannot be uploaded");
  EXPECT_EQ(uploads_->create("", "a", 1).error().message, "an upload needs an owner");
  EXPECT_EQ(uploads_->create("mira", "a", 1, "xyz").error().message,
            "the SHA-256 is not 64 lower-case hex digits");
  EXPECT_EQ(uploads_->create("mira", "a", 101).error().message, "a file may have 100 bytes");
  const auto made = uploads_->create("mira", "a", 100);
  ASSERT_TRUE(made);
  EXPECT_EQ(uploads_->create("eve", "a", 51).error().message, "there are too many uploads");
  EXPECT_EQ(uploads_->append("mira", made->id, 0, std::string(11, 'x')).error().message,
            "a piece may have 10 bytes");
  limits_.free_bytes = UINT64_MAX / 2;
  open();
  const auto full = uploads_->append("mira", made->id, 0, "x");
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, ErrorCode::kNoSpace);
}

TEST_F(UploadsTest, WhatExpiredOrIsDamagedIsRemovedAndWhatIsHeldStays) {
  const auto old = uploads_->create("mira", "old", 4);
  const auto held = uploads_->create("mira", "held", 4);
  ASSERT_TRUE(old && held);
  ASSERT_TRUE(uploads_->append("mira", held->id, 0, "held"));
  ASSERT_TRUE(uploads_->hold("mira", held->id));
  EXPECT_EQ(uploads_->hold("mira", held->id).error().message, "the upload is in use");
  EXPECT_EQ(uploads_->remove("mira", held->id).error().message, "the upload is in use");
  EXPECT_EQ(uploads_->expire(now_ticks() + 2 * kTicksPerDay), 1u);
  EXPECT_FALSE(uploads_->get("mira", old->id));
  uploads_->release(held->id);
  EXPECT_TRUE(uploads_->get("mira", held->id));

  std::ofstream(folder_ / "uploads/stray") << "x";
  const std::string fake(32, 'a');
  std::ofstream(folder_ / ("uploads/" + fake + ".json")) << "{\"owner\":\"mira\",\"size\":4}";
  std::filesystem::create_symlink("/etc/passwd", folder_ / ("uploads/" + fake + ".data"));
  open();
  EXPECT_EQ(files().size(), 2u) << "the two files of the upload that is whole";
  EXPECT_EQ(content(held->id), "held");
  EXPECT_TRUE(std::filesystem::exists("/etc/passwd"));
}

}  // namespace
}  // namespace spoor::pipeline
